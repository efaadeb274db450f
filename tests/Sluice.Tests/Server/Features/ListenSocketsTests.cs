using System.Net;
using Sluice.Server.Features;

namespace Sluice.Tests.Server.Features;

public sealed class ListenSocketsTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("192.0.2.1")]
    public void CreateHere_WhereOthersReach_SaysWhatToDo(string address)
    {
        var e = Assert.Throws<UsageException>(() => ListenSockets.CreateHere(new IPEndPoint(IPAddress.Parse(address), 0)));
        Assert.All(["--Sluice:Access:Enabled=true", "sluice keys create", "--urls http://127.0.0.1:5080", "--Sluice:Access:AllowAnonymous=true"], fix => Assert.Contains(fix, e.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.8.8.8")]
    public void CreateHere_OnThisMachine_Listens(string address)
    {
        using var socket = ListenSockets.CreateHere(new IPEndPoint(IPAddress.Parse(address), 0));
        Assert.True(socket.IsBound);
    }
}
