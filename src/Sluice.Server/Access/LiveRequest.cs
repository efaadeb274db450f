namespace Sluice.Server.Access;

/// <summary>A request that runs under a key.</summary>
/// <param name="context">It. The server uses the object again for the next request of the connection, which must not be ended in its place.</param>
/// <param name="keyId">The key's name.</param>
internal sealed class LiveRequest(HttpContext context, string keyId)
{
    private readonly Lock _lock = new();
    private bool _isOver;

    /// <summary>The key's name.</summary>
    public string KeyId { get; } = keyId;

    /// <summary>Ends the connection, unless the request is over.</summary>
    public void Abort()
    {
        lock (_lock)
        {
            if (!_isOver)
            {
                context.Abort();
            }
        }
    }

    /// <summary>The request is over.</summary>
    public void Over()
    {
        lock (_lock)
        {
            _isOver = true;
        }
    }
}
