using Sluice.Server.Features;

namespace Sluice.Server.Storage;

/// <summary>Directories for this user alone.</summary>
internal static class PrivateDirectory
{
    /// <summary>Makes a directory, where there is none. One that is there stays as it is.</summary>
    /// <param name="path">The directory.</param>
    /// <param name="what">What is kept there, in words: the beginning of a sentence.</param>
    /// <param name="setting">The setting that names the file in it.</param>
    /// <returns>The directory.</returns>
    /// <exception cref="UsageException">It cannot be made.</exception>
    public static DirectoryInfo Make(string path, string what, string setting)
    {
        try
        {
            return OperatingSystem.IsWindows()
                ? Directory.CreateDirectory(path)
                : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The directory {path} cannot be made: {e.Message} {what} would be kept there. Let this user write in {Path.GetDirectoryName(path)}, or set {setting} to a file in a directory that this user may write.");
        }
    }
}
