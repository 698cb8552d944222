using System.ComponentModel;
using System.Diagnostics;

namespace Fairlead.Dev.Runner.Processes;

/// <summary>A process with all its descendants, in a session and process group of its own.</summary>
internal sealed class ProcessGroup : IDisposable
{
    /// <summary>Starts a program as leader of a new session, without a process in between; part of util-linux and of BusyBox.</summary>
    private const string SessionStarter = "setsid";

    private readonly Process _process;
    private readonly OrphanGuard _guard;

    private readonly int _id;
    private volatile bool _hasEnded;

    private ProcessGroup(Process process, OrphanGuard guard) => (_process, _guard, _id) = (process, guard, process.Id);

    public Stream Input => _process.StandardInput.BaseStream;

    public Stream Output => _process.StandardOutput.BaseStream;

    public Stream Error => _process.StandardError.BaseStream;

    /// <exception cref="ProcessStartException">The executable is missing or cannot be run.</exception>
    public static ProcessGroup Start(ProcessSpec spec, OrphanGuard guard)
    {
        var executable = Find(spec);
        var start = new ProcessStartInfo(SessionStarter, [executable, .. spec.Arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = spec.WorkingDirectory,
        };
        start.Environment.Clear();
        foreach (var (name, value) in spec.Environment)
            start.Environment[name] = value;
        try
        {
            var process = Process.Start(start) ?? throw new ProcessStartException($"{executable} did not start");
            guard.Add(process.Id);
            return new ProcessGroup(process, guard);
        }
        catch (Win32Exception e)
        {
            throw new ProcessStartException($"{SessionStarter} {executable}: {e.Message}; Pods need the program {SessionStarter} (util-linux) on PATH");
        }
    }

    /// <summary>Sends a signal to the first process, as a container runtime does.</summary>
    public void Send(Signal signal)
    {
        // A process that was waited for has no number any more; another may have got it.
        if (!_hasEnded)
            _ = LibC.Kill(_id, (int)signal);
    }

    /// <summary>Ends all processes of the group at once.</summary>
    public void KillAll()
    {
        if (!_hasEnded)
            _ = LibC.Kill(-_id, (int)Signal.Kill);
    }

    /// <summary>Waits for the end of the first process, and ends what it left behind.</summary>
    /// <returns>Its exit code; 128 and the signal's number when a signal ended it.</returns>
    public async Task<int> WaitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        KillAll();
        _hasEnded = true;
        _guard.Remove(_id);
        return _process.ExitCode;
    }

    public void Dispose() => _process.Dispose();

    private static string Find(ProcessSpec spec)
    {
        if (spec.Executable.Contains('/', StringComparison.Ordinal))
            return IsExecutable(spec.Executable) ? spec.Executable : throw new ProcessStartException($"{spec.Executable}: no such executable file");
        var folders = spec.Environment.GetValueOrDefault("PATH", "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return folders.Select(folder => Path.Combine(folder, spec.Executable)).FirstOrDefault(IsExecutable)
            ?? throw new ProcessStartException($"{spec.Executable}: no such executable in {string.Join(':', folders)}");
    }

    private static bool IsExecutable(string path)
    {
        const UnixFileMode AnyExecute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & AnyExecute) != 0);
    }
}
