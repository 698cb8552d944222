using System.Diagnostics;
using System.Runtime.InteropServices;
using Fairlead.Bench.Commands;

namespace Fairlead.Bench.Processes;

/// <summary>A command with all that it starts, measured and ended as a whole.</summary>
internal sealed partial class ProcessGroup : IAsyncDisposable
{
    private const int Terminate = 15;
    private const int Kill = 9;
    private const int TailLength = 2000;
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    /// <summary>Between looks at a group that ends: nobody tells of the end of processes that are not our own children.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    private readonly string _name;
    private readonly Process _process;
    private readonly string _log;

    private ProcessGroup(string name, Process process, string log)
    {
        _name = name;
        _process = process;
        _log = log;
    }

    /// <param name="name">For messages.</param>
    /// <param name="command">Command line for a shell.</param>
    /// <param name="environment">The whole environment; nothing is inherited.</param>
    /// <param name="log">File for what it prints.</param>
    public static ProcessGroup Start(string name, string command, IReadOnlyDictionary<string, string> environment, string log)
    {
        // A session of its own, so that the group is the command with its children and nothing else. The redirection is made
        // in the shell: a pipe through this process would cost it time while it measures.
        var start = new ProcessStartInfo("setsid", ["/bin/sh", "-c", $"exec >>\"$BENCH_LOG\" 2>&1 </dev/null; {command}"])
        {
            WorkingDirectory = Path.GetDirectoryName(log),
        };
        start.Environment.Clear();
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        start.Environment["BENCH_LOG"] = log;
        return new ProcessGroup(name, Process.Start(start)!, log);
    }

    /// <summary>What was printed so far.</summary>
    public string Output => File.Exists(_log) ? File.ReadAllText(_log) : "";

    public ProcessSample Sample()
    {
        var sum = default(ProcessSample);
        foreach (var one in ProcessFiles.OfGroup(_process.Id).Select(ProcessFiles.Sample))
        {
            sum = new ProcessSample(sum.Cpu + one.Cpu, sum.Resident + one.Resident, sum.PeakResident + one.PeakResident);
        }

        return sum;
    }

    /// <exception cref="BenchmarkException">It ended.</exception>
    public void RequireAlive()
    {
        if (_process.HasExited)
        {
            var output = Output;
            throw new BenchmarkException(
                $"{_name} ended with code {_process.ExitCode}; its output ends with:\n{output[Math.Max(0, output.Length - TailLength)..]}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _ = Signal(-_process.Id, Terminate);
        var begun = Stopwatch.GetTimestamp();
        while (ProcessFiles.OfGroup(_process.Id).Any())
        {
            if (Stopwatch.GetElapsedTime(begun) > Grace)
            {
                _ = Signal(-_process.Id, Kill);
            }

            await Task.Delay(Look).ConfigureAwait(false);
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Signal(int pid, int signal);
}
