using System.Diagnostics;
using System.Globalization;

namespace Fairlead.Dev.Runner.Processes;

/// <summary>
/// Ends the process groups of Pods when this process ends without doing so itself, be it by a crash or SIGKILL: a shell reads
/// their numbers from a pipe and kills what is left once the pipe breaks. The parent-death signal is no substitute: it goes to
/// one process, not to its group, and comes already when the thread that started it ends.
/// </summary>
internal sealed class OrphanGuard : IDisposable
{
    // Signals for a terminal's foreground group must not end the guard before what it guards. POSIX asks for "-s" before "--": dash takes "-KILL --" for an error.
    private const string Script =
        """
        trap '' INT TERM HUP
        groups=' '
        while read -r verb group; do
          case $verb in
            add) groups="$groups$group " ;;
            remove) case $groups in *" $group "*) groups="${groups%% $group *} ${groups#* $group }" ;; esac ;;
          esac
        done
        for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
        """;

    private readonly Lock _gate = new();
    private readonly Process _shell;

    public OrphanGuard()
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", Script]) { RedirectStandardInput = true };
        _shell = Process.Start(start) ?? throw new InvalidOperationException("/bin/sh did not start");
    }

    public void Add(int group) => Tell("add", group);

    public void Remove(int group) => Tell("remove", group);

    /// <summary>Ends what is still there.</summary>
    public void Dispose()
    {
        lock (_gate)
            _shell.StandardInput.Dispose();
        _shell.WaitForExit();
        _shell.Dispose();
    }

    private void Tell(string verb, int group)
    {
        try
        {
            lock (_gate)
            {
                _shell.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{verb} {group}"));
                _shell.StandardInput.Flush();
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Somebody ended the guard; Pods run on without it.
        }
    }
}
