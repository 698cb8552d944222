using System.Buffers;

namespace Fairlead.Tailnet.WireGuard.Peers;

/// <summary>Messages on their way out, for one caller to send without holding a lock. May be none.</summary>
internal readonly struct DetachedBatch(byte[]? buffer, int length, int messageSize)
{
    public bool IsEmpty => buffer is null;

    public int Length => length;

    /// <summary>Sends and gives the buffer back.</summary>
    public void Send(IPeerPath path)
    {
        try
        {
            path.Send(buffer.AsSpan(0, length), messageSize);
        }
        finally
        {
            Release();
        }
    }

    /// <summary>Gives the buffer back unsent.</summary>
    public void Release()
    {
        if (buffer is not null)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
