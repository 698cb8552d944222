using System.Buffers;

namespace Fairlead.Kubernetes.Client.Transport;

/// <summary>A whole response body in a rented buffer. Valid until disposed.</summary>
internal struct PooledBody : IDisposable
{
    // Most single objects fit; lists come with a length or grow by doubling.
    private const int InitialSize = 16 * 1024;

    private byte[]? _buffer;
    private int _length;

    private PooledBody(byte[] buffer, int length)
    {
        _buffer = buffer;
        _length = length;
    }

    public readonly ReadOnlySpan<byte> Span => _buffer.AsSpan(0, _length);

    /// <param name="limit">More than this is an error, in bytes.</param>
    public static async Task<PooledBody> ReadAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        var stream = await content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            var expected = content.Headers.ContentLength is { } given ? (int)Math.Min(given + 1, limit) : InitialSize;
            var buffer = ArrayPool<byte>.Shared.Rent(expected);
            var length = 0;
            try
            {
                int read;
                while ((read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken).ConfigureAwait(false)) > 0)
                {
                    length += read;
                    if (length > limit)
                        throw new InvalidDataException($"The answer is larger than {limit >> 20} MiB.");

                    if (length == buffer.Length)
                        buffer = Grow(buffer);
                }

                return new PooledBody(buffer, length);
            }
            catch
            {
                ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
                throw;
            }
        }
    }

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        return larger;
    }

    public void Dispose()
    {
        // Bodies may hold Secrets: nothing of them stays in the pool.
        if (_buffer is { } buffer)
            ArrayPool<byte>.Shared.Return(buffer, clearArray: true);

        _buffer = null;
        _length = 0;
    }
}
