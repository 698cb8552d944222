using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Fairlead.CommandLine;

namespace Fairlead.DevSessions;

/// <summary>
/// A file that names the process it belongs to. Advisory locks would be simpler, but the program runs without them; a lock
/// whose process is gone counts for nothing.
/// </summary>
internal sealed class SessionLock : IDisposable
{
    /// <summary>Seconds. A process's start is computed from the system's clock at each look, which moves.</summary>
    private const long ClockSlack = 2;

    private readonly string _path;

    private SessionLock(string path) => _path = path;

    /// <exception cref="UserErrorException">A running process has it.</exception>
    /// <param name="option">Of the command line, by which another directory is chosen.</param>
    public static SessionLock Take(string path, string option = "--directory")
    {
        if (OwnerOf(path) is { } owner)
        {
            throw new UserErrorException(
                ExitCodes.Unavailable,
                $"process {owner} uses the directory {Path.GetDirectoryName(path)}; stop it, or choose another directory with {option}");
        }

        using var self = Process.GetCurrentProcess();
        File.Delete(path);
        using var file = new StreamWriter(new FileStream(path, FileMode.CreateNew, FileAccess.Write));
        file.Write(string.Create(CultureInfo.InvariantCulture, $"{self.Id} {StartOf(self)}"));
        return new SessionLock(path);
    }

    public void Dispose() => File.Delete(_path);

    private static int? OwnerOf(string path)
    {
        if (!File.Exists(path) || File.ReadAllText(path).Split(' ') is not [var idText, var startText]
            || !int.TryParse(idText, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            || !long.TryParse(startText, NumberStyles.None, CultureInfo.InvariantCulture, out var started))
        {
            return null;
        }

        try
        {
            using var process = Process.GetProcessById(id);
            return Math.Abs(StartOf(process) - started) <= ClockSlack ? id : null;
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Tells a process from a later one of its number.</summary>
    private static long StartOf(Process process) => new DateTimeOffset(process.StartTime).ToUnixTimeSeconds();
}
