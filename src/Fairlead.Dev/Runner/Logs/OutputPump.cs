using System.Buffers;

namespace Fairlead.Dev.Runner.Logs;

/// <summary>Carries a process's output into its log, line by line.</summary>
internal static class OutputPump
{
    /// <summary>Longer lines are cut into entries of this size, as container runtimes do.</summary>
    private const int LongestEntry = 16 * 1024;

    /// <summary>Runs until the output ends.</summary>
    public static async Task RunAsync(Stream output, ContainerLog log, string stream)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(LongestEntry);
        try
        {
            var filled = 0;
            int read;
            while ((read = await output.ReadAsync(buffer.AsMemory(filled, LongestEntry - filled)).ConfigureAwait(false)) > 0)
            {
                filled += read;
                var taken = Append(buffer.AsSpan(0, filled), log, stream);
                buffer.AsSpan(taken, filled - taken).CopyTo(buffer);
                filled -= taken;
            }

            // The last line may lack its end.
            if (filled > 0)
                log.Append(stream, isPartial: true, buffer.AsSpan(0, filled));
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The process is gone and the pipe with it.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static int Append(ReadOnlySpan<byte> bytes, ContainerLog log, string stream)
    {
        var taken = 0;
        while (bytes[taken..].IndexOf((byte)'\n') is var length and >= 0)
        {
            log.Append(stream, isPartial: false, bytes.Slice(taken, length));
            taken += length + 1;
        }

        if (taken > 0 || bytes.Length < LongestEntry)
            return taken;
        log.Append(stream, isPartial: true, bytes);
        return bytes.Length;
    }
}
