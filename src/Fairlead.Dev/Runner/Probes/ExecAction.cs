using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Fairlead.Dev.Runner.Containers;
using Fairlead.Dev.Runner.Processes;

namespace Fairlead.Dev.Runner.Probes;

/// <summary>A command in the container; exit code 0 is success.</summary>
internal sealed class ExecAction(ProcessSpec container, ImmutableArray<string> command, OrphanGuard guard) : IContainerAction
{
    // What a kubelet shows of a failed probe's output.
    private const int ShownOutput = 10 * 1024;

    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        if (command.IsEmpty)
            return "exec names no command";
        ProcessGroup process;
        try
        {
            process = ProcessGroup.Start(ContainerLaunch.Inside(container, command), guard);
        }
        catch (ProcessStartException e)
        {
            return e.Message;
        }

        using (process)
        {
            using var stop = cancellationToken.Register(process.KillAll);
            process.Input.Close();
            var output = Task.WhenAll(ReadAsync(process.Output), ReadAsync(process.Error));
            var code = await process.WaitAsync(CancellationToken.None).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            var texts = await output.WaitAsync(cancellationToken).ConfigureAwait(false);
            return code == 0 ? null : string.Create(CultureInfo.InvariantCulture, $"command ended with exit code {code}: {string.Concat(texts).Trim()}");
        }
    }

    private static async Task<string> ReadAsync(Stream stream)
    {
        var (buffer, kept) = (new byte[ShownOutput], 0);
        var rest = new byte[1024];
        while (true)
        {
            // All of it is read, so that the command does not stall; the beginning is kept.
            var read = await stream.ReadAsync(kept < buffer.Length ? buffer.AsMemory(kept) : rest).ConfigureAwait(false);
            if (read == 0)
                return Encoding.UTF8.GetString(buffer, 0, kept);
            kept += kept < buffer.Length ? read : 0;
        }
    }
}
