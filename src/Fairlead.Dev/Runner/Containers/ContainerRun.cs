using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Runner.Logs;
using Fairlead.Dev.Runner.Processes;
using Fairlead.Dev.Runner.Volumes;

namespace Fairlead.Dev.Runner.Containers;

/// <summary>One run of a container: its process, from start to end, and its log.</summary>
internal sealed class ContainerRun : IDisposable
{
    // Limits of termination messages.
    private const int LongestMessage = 4096;
    private const int LongestLogExcerpt = 2048;
    private const int LogLines = 80;

    /// <summary>How long to wait for the rest of the output once all processes of the group are gone: one that left the group may hold on to it.</summary>
    private static readonly TimeSpan OutputLimit = TimeSpan.FromSeconds(1);

    private readonly ProcessGroup _process;
    private readonly Task _output;

    private ContainerRun(ProcessGroup process, ProcessSpec spec, ContainerLog log, DateTimeOffset startedAt)
    {
        (_process, Process, Log, StartedAt) = (process, spec, log, startedAt);
        process.Input.Close();
        _output = Task.WhenAll(OutputPump.RunAsync(process.Output, log, "stdout"), OutputPump.RunAsync(process.Error, log, "stderr"));
        Exit = WaitAsync();
    }

    public ProcessSpec Process { get; }

    public ContainerLog Log { get; }

    public DateTimeOffset StartedAt { get; }

    /// <summary>Completes with the exit code, once all output is in the log.</summary>
    public Task<int> Exit { get; }

    /// <exception cref="ProcessStartException">The program cannot be started.</exception>
    public static ContainerRun Start(ProcessSpec spec, ContainerLog log, OrphanGuard guard, TimeProvider time) =>
        new(ProcessGroup.Start(spec, guard), spec, log, time.GetUtcNow());

    public void Send(Signal signal) => _process.Send(signal);

    public void Kill() => _process.KillAll();

    /// <summary>How the run ended, with what it left to say.</summary>
    public async Task<ContainerState.Terminated> ResultAsync(JsonObject container, string root, TimeProvider time)
    {
        var code = await Exit.ConfigureAwait(false);
        var message = ReadMessage(ContainerRoot.Inside(root, container.Text("terminationMessagePath") ?? "/dev/termination-log"));
        if (message.Length == 0 && code != 0 && container.Text("terminationMessagePolicy") == "FallbackToLogsOnError")
            message = await ReadLogEndAsync().ConfigureAwait(false);
        return new ContainerState.Terminated(code, code == 0 ? "Completed" : "Error", message.Length == 0 ? null : message, StartedAt, time.GetUtcNow());
    }

    public void Dispose() => _process.Dispose();

    private static string ReadMessage(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            var buffer = new byte[LongestMessage];
            return Encoding.UTF8.GetString(buffer, 0, file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private async Task<string> ReadLogEndAsync()
    {
        var request = new Cluster.Nodes.PodLogRequest { Namespace = "", Pod = "", TailLines = LogLines };
        using var text = new MemoryStream();
        await foreach (var piece in LogReader.ReadAsync(Log, request, CancellationToken.None).ConfigureAwait(false))
            text.Write(piece.Span);
        var end = text.ToArray().AsSpan();
        return Encoding.UTF8.GetString(end.Length > LongestLogExcerpt ? end[^LongestLogExcerpt..] : end);
    }

    private async Task<int> WaitAsync()
    {
        var code = await _process.WaitAsync(CancellationToken.None).ConfigureAwait(false);
        try
        {
            // Of the machine's own time: what is waited for is input and output, not anything that the cluster's clock decides.
            await _output.WaitAsync(OutputLimit, TimeProvider.System).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The log ends here.
        }

        Log.End();
        return code;
    }
}
