using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Sluice.Endpoints;

namespace Sluice.Server.Access;

/// <summary>Knows a caller by its API key.</summary>
internal sealed class ApiKeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, KnownKeys keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <inheritdoc/>
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    private AuthenticateResult Authenticate()
    {
        var given = GivenCredential.Of(Request.Headers);
        if (given.Text is null)
        {
            return given.Problem is null ? AuthenticateResult.NoResult() : AuthenticateResult.Fail(given.Problem);
        }

        if (keys.Find(given.Text) is not { } key)
        {
            return AuthenticateResult.Fail("The key is not known here.");
        }

        switch (key.Record.StateAt(TimeProvider.GetUtcNow()))
        {
            case ApiKeyState.Revoked:
                return AuthenticateResult.Fail("The key was revoked.");
            case ApiKeyState.Expired:
                return AuthenticateResult.Fail("The key has expired.");
            default:
                Context.Features.Set<ICallerFeature>(key);
                return AuthenticateResult.Success(new AuthenticationTicket(key.Principal, Scheme.Name));
        }
    }
}
