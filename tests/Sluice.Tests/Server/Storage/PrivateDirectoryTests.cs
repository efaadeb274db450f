using Sluice.Server.Commands;
using Sluice.Server.Features;
using Sluice.Server.Storage;
using Sluice.Tests.Support;

namespace Sluice.Tests.Server.Storage;

public sealed class PrivateDirectoryTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("sluice").FullName;

    // A file where a directory has to be stops everyone, root as well.
    private string Blocked
    {
        get
        {
            var file = Path.Combine(_directory, "file");
            File.WriteAllText(file, "");
            return Path.Combine(file, "access");
        }
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Directory_ThatCannotBeMade_IsAStartUpErrorThatSaysTheFix()
    {
        var path = Blocked;
        var failure = Assert.Throws<UsageException>(() => PrivateDirectory.Make(path, "The keys", "Sluice:Access:Keys:Database"));
        Assert.Contains($"The directory {path} cannot be made", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Sluice:Access:Keys:Database", failure.Message, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, StartupError.Describe(failure)!.ExitCode);
    }

    [Fact]
    public async Task Server_WhoseKeysCanBeKeptNowhere_DoesNotStart()
    {
        var database = Path.Combine(Blocked, "keys.db");
        await Assert.ThrowsAsync<UsageException>(() => SluiceHost.StartAsync(new Script().Done(), ("Sluice:Access:Enabled", "true"), ("Sluice:Access:Keys:Database", database)));
    }

    [Fact]
    public void Directory_IsMadeForThisUserAlone()
    {
        var made = PrivateDirectory.Make(Path.Combine(_directory, "a", "b"), "Something", "Sluice:X");
        Assert.True(made.Exists);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, made.UnixFileMode);
    }
}
