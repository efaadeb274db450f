namespace Sluice.Server.Access;

/// <summary>Directories for this user alone.</summary>
internal static class PrivateDirectory
{
    /// <summary>Makes a directory, where there is none. One that is there stays as it is.</summary>
    /// <returns>The directory.</returns>
    public static DirectoryInfo Make(string path) => OperatingSystem.IsWindows()
        ? Directory.CreateDirectory(path)
        : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
}
