using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using Fairlead.Kubernetes.Resources;
using Fairlead.Kubernetes.Serialization;

namespace Fairlead.Kubernetes.Client.Transport;

/// <summary>Cuts the stream of a watch into lines, in pooled buffers, and decodes each once.</summary>
internal sealed class WatchReader<T>(
    ResourceType<T> type, Stream stream, Uri server, string path, Func<ObjectKey, string, T?>? known = null) : IAsyncDisposable
    where T : class, IKubernetesObject
{
    // etcd refuses objects beyond 1.5 MiB; JSON of the same object may be several times its stored form.
    private const int MaximumLine = 32 * 1024 * 1024;

    private readonly PipeReader _pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 16 * 1024, leaveOpen: true));

    /// <returns>Null at the end of the watch.</returns>
    public async ValueTask<WatchEvent<T>?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await FillAsync(cancellationToken).ConfigureAwait(false);
            var buffer = result.Buffer;
            if (buffer.PositionOf((byte)'\n') is { } end)
            {
                var line = buffer.Slice(0, end);
                WatchEvent<T>? change = IsBlank(line) ? null : Decode(line);
                _pipe.AdvanceTo(buffer.GetPosition(1, end));
                if (change is not null)
                    return change;

                continue;
            }

            if (result.IsCompleted)
            {
                // A last line without a line feed is an event that was cut off: resuming from the version before it brings it again.
                _pipe.AdvanceTo(buffer.End);
                return null;
            }

            if (buffer.Length > MaximumLine)
                throw new InvalidDataException($"A watch event of {path} is larger than {MaximumLine >> 20} MiB.");

            _pipe.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    private WatchEvent<T> Decode(in ReadOnlySequence<byte> line)
    {
        try
        {
            return WatchEventDecoder.Decode(type, line, path, known);
        }
        catch (JsonException e)
        {
            throw ApiErrors.Unreadable("WATCH", path, e);
        }
    }

    private async ValueTask<ReadResult> FillAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _pipe.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException && !cancellationToken.IsCancellationRequested)
        {
            throw ApiErrors.Broken(server, $"WATCH {path}", e);
        }
    }

    private static bool IsBlank(in ReadOnlySequence<byte> line) => line.Length <= 1 && (line.IsEmpty || line.FirstSpan[0] == (byte)'\r');

    public ValueTask DisposeAsync() => _pipe.CompleteAsync();
}
