using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features.Authentication;
using Sluice.Chat;
using Sluice.Endpoints;

namespace Sluice.Tests.Endpoints;

public sealed class CallersTests
{
    [Theory]
    [InlineData(ClaimTypes.NameIdentifier)]
    [InlineData("sub")]
    public void Of_ASignedInUser_IsHimself(string claim)
    {
        var context = new DefaultHttpContext { User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(claim, "ann")], "test")) };
        Assert.Equal("ann", Callers.Of(context).Id);
    }

    [Fact]
    public void Of_NobodyIsSignedIn_IsAnonymous_AndNobodyIsMadeUp()
    {
        var context = new DefaultHttpContext();
        Assert.Same(Caller.Anonymous, Callers.Of(context));
        Assert.Null(context.Features.Get<IHttpAuthenticationFeature>()?.User);
    }
}
