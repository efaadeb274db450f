using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

using Sluice.Server.Features;

namespace Sluice.Tests.Server.Access;

/// <summary>An OpenID Connect issuer as small as can be: its document, its keys, and tokens.</summary>
internal sealed class Issuer : IAsyncDisposable
{
    public const string Audience = "sluice";

    private readonly RSA _key = RSA.Create(2048);
    private readonly RSA _other = RSA.Create(2048);
    private readonly WebApplication _app;

    private Issuer(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    public static async Task<Issuer> StartAsync()
    {
        var builder = SlimBuilder.Create();
        builder.Configuration["urls"] = "http://127.0.0.1:0";
        builder.Services.AddLogging(logging => logging.ClearProviders());
        var app = builder.Build();
        var issuer = new Issuer(app);
        app.MapGet("/.well-known/openid-configuration", context => context.Response.WriteAsync(
            JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal) { ["issuer"] = issuer.Address, ["jwks_uri"] = $"{issuer.Address}/jwks" })));
        app.MapGet("/jwks", context =>
        {
            var key = issuer._key.ExportParameters(includePrivateParameters: false);
            return context.Response.WriteAsync($$"""{"keys":[{"kty":"RSA","use":"sig","alg":"RS256","kid":"k1","n":"{{Base64Url.EncodeToString(key.Modulus)}}","e":"{{Base64Url.EncodeToString(key.Exponent)}}"}]}""");
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return issuer;
    }

    /// <summary>A token that is good for an hour, unless something is changed.</summary>
    public string Token(string subject = "ann", string? issuer = null, object? audience = null, TimeSpan? left = null, string algorithm = "RS256", bool isForged = false, params (string Name, object Value)[] claims)
    {
        // The check reads the clock on the wall.
        var expires = TimeProvider.System.GetUtcNow() + (left ?? TimeSpan.FromHours(1));
        var payload = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["iss"] = issuer ?? Address, ["sub"] = subject, ["aud"] = audience ?? Audience, ["exp"] = expires.ToUnixTimeSeconds(), ["nbf"] = expires.AddHours(-3).ToUnixTimeSeconds(),
        };
        foreach (var (name, value) in claims)
        {
            payload[name] = value;
        }

        var content = $"{Encode($$"""{"alg":"{{algorithm}}","typ":"JWT","kid":"k1"}""")}.{Encode(JsonSerializer.Serialize(payload))}";
        var bytes = Encoding.ASCII.GetBytes(content);
        var signature = algorithm switch
        {
            "none" => [],

            // The public key as a shared secret: what a careless check of an asymmetric key would take.
            "HS256" => HMACSHA256.HashData(Encoding.ASCII.GetBytes(_key.ExportSubjectPublicKeyInfoPem()), bytes),
            _ => (isForged ? _other : _key).SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        };
        return $"{content}.{Base64Url.EncodeToString(signature)}";
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _key.Dispose();
        _other.Dispose();
    }

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
