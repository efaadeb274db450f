namespace Sluice.Providers.Http;

/// <summary>Breaks one request's connection when its token is cancelled, until the request has ended.</summary>
/// <remarks>One registration for a whole answer, instead of one for each read.</remarks>
internal sealed class Http1Cancellation
{
    private readonly CancellationToken _token;
    private readonly CancellationTokenRegistration _registration;

    /// <summary>Begins.</summary>
    public Http1Cancellation(Http1Connection connection, CancellationToken cancellationToken)
    {
        _token = cancellationToken;
        _registration = cancellationToken.UnsafeRegister(static connection => ((Http1Connection)connection!).Abort(), connection);
    }

    /// <summary>Whether it has been cancelled.</summary>
    public bool IsRequested => _token.IsCancellationRequested;

    /// <summary>The token that is watched.</summary>
    public CancellationToken Token => _token;

    /// <summary>Lets go of the token.</summary>
    /// <returns>False where the connection has been broken, or is just being broken: it must not serve another request.</returns>
    public bool TryEnd() => !_token.CanBeCanceled || _registration.Unregister();
}
