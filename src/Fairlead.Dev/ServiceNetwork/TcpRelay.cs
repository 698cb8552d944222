using System.Buffers;
using System.Net.Sockets;

namespace Fairlead.Dev.ServiceNetwork;

/// <summary>Carries bytes between two connections until both directions have ended; disposing of it resets both.</summary>
internal sealed class TcpRelay(Socket client, Socket server) : IDisposable
{
    private const int BufferSize = 64 * 1024;

    public async Task RunAsync()
    {
        client.NoDelay = true;
        await Task.WhenAll(CopyAsync(client, server), CopyAsync(server, client)).ConfigureAwait(false);
    }

    public void Dispose()
    {
        foreach (var socket in (ReadOnlySpan<Socket>)[client, server])
            socket.Dispose();
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        try
        {
            while (true)
            {
                // Reading nothing waits without holding a buffer, which idle connections do most of the time.
                await from.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None).ConfigureAwait(false);
                if (!await CopyOnceAsync(from, to).ConfigureAwait(false))
                    return;
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Without one side there is no use for the other.
            Dispose();
        }
    }

    private static async Task<bool> CopyOnceAsync(Socket from, Socket to)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var read = await from.ReceiveAsync(buffer.AsMemory(), SocketFlags.None).ConfigureAwait(false);
            if (read == 0)
            {
                to.Shutdown(SocketShutdown.Send);
                return false;
            }

            for (var sent = 0; sent < read;)
                sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), SocketFlags.None).ConfigureAwait(false);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
