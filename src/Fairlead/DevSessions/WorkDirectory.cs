using Fairlead.CommandLine;

namespace Fairlead.DevSessions;

/// <summary>The directory of one session, which leaves nothing in it that would be of no use afterwards.</summary>
internal sealed class WorkDirectory : IDisposable
{
    private readonly SessionLock _lock;

    private WorkDirectory(string path, SessionLock held)
    {
        Path = path;
        _lock = held;
    }

    public string Path { get; }

    /// <exception cref="UserErrorException">Another session has it, or it cannot be written to.</exception>
    public static WorkDirectory Claim(string path)
    {
        try
        {
            // Credentials go in here: nobody else is to read them.
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(path);
            }
            else
            {
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            return new WorkDirectory(path, SessionLock.Take(System.IO.Path.Combine(path, "lock")));
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new UserErrorException(
                ExitCodes.Unavailable, $"the directory {path} cannot be used ({e.Message}); choose another with --directory", e);
        }
    }

    public void Dispose() => _lock.Dispose();
}
