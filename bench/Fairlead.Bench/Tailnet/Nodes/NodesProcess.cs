using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Fairlead.Bench.Processes;
using Fairlead.Tailnet.Nodes;

namespace Fairlead.Bench.Tailnet.Nodes;

/// <summary>The process that holds many idle nodes for <see cref="ManyNodes"/>; it prints what they cost.</summary>
internal static class NodesProcess
{
    public const string CommandName = "idle-nodes";
    public const string AuthKeyVariable = "TS_AUTHKEY";
    public const string Joined = "joined-seconds";
    public const string PeakResident = "peak-mib";
    public const string Resident = "resident-mib";
    public const string Heap = "heap-kib-per-node";
    public const string Timers = "timers-per-node";
    public const string Threads = "threads";
    public const string Descriptors = "descriptors-per-node";

    // As many as join at once: each join waits for answers most of the time.
    private const int AtOnce = 32;

    // Until what joining left to do is done: peers' changes, path discovery, the check of the network.
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(15);

    public static Command CreateCommand()
    {
        var url = new Argument<string>("url");
        var count = new Argument<int>("count");
        var command = new Command(CommandName, "Holds idle nodes for the measurement of many.") { url, count };
        command.Hidden = true;
        command.SetAction((parsed, cancellationToken) => RunAsync(new Uri(parsed.GetValue(url)!), parsed.GetValue(count), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Uri url, int count, CancellationToken cancellationToken)
    {
        var key = Environment.GetEnvironmentVariable(AuthKeyVariable) ?? "";
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        var timers = Timer.ActiveCount;
        var descriptors = OpenDescriptors();
        var begin = Stopwatch.GetTimestamp();
        var nodes = new TailnetNode[count];
        await Parallel.ForAsync(
            0,
            count,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (index, ct) => nodes[index] = await TailnetNode.StartAsync(
                new TailnetNodeOptions { ControlUrl = url, AuthKey = key, Hostname = $"idle-{index}" }, ct).ConfigureAwait(false)).ConfigureAwait(false);
        Print(Joined, Stopwatch.GetElapsedTime(begin).TotalSeconds);
        await Task.Delay(Settling, cancellationToken).ConfigureAwait(false);
        Print(Timers, (double)(Timer.ActiveCount - timers) / count);
        Print(Heap, (GC.GetTotalMemory(forceFullCollection: true) - heap) / 1024.0 / count);
        var sample = ProcessFiles.Sample(Environment.ProcessId);
        Print(Resident, sample.ResidentMebibytes);
        Print(PeakResident, sample.PeakMebibytes);
        Print(Threads, Process.GetCurrentProcess().Threads.Count);
        Print(Descriptors, (double)(OpenDescriptors() - descriptors) / count);
        await Task.WhenAll(nodes.Select(node => node.DisposeAsync().AsTask())).ConfigureAwait(false);
        return 0;
    }

    private static int OpenDescriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    private static void Print(string name, double value) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}={value}"));
}
