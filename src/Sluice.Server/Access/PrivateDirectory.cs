using Sluice.Server.Features;

namespace Sluice.Server.Access;

/// <summary>Directories for this user alone.</summary>
internal static class PrivateDirectory
{
    /// <summary>Makes a directory, where there is none. One that is there stays as it is.</summary>
    /// <returns>The directory.</returns>
    /// <exception cref="UsageException">It cannot be made.</exception>
    public static DirectoryInfo Make(string path)
    {
        try
        {
            return OperatingSystem.IsWindows()
                ? Directory.CreateDirectory(path)
                : Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The directory {path} cannot be made: {e.Message} API keys and what signs sessions are kept there. Let this user write in {Path.GetDirectoryName(path)}, or set Sluice:Access:Keys:Database to a file in a directory that this user may write.");
        }
    }
}
