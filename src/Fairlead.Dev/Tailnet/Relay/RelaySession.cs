using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Security.Cryptography;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Derp;

namespace Fairlead.Dev.Tailnet.Relay;

/// <summary>The server's side of a DERP connection, from the first frame to the last.</summary>
internal sealed class RelaySession(RelaySwitch clients, PrivateKey key, RelayServerOptions options, RelayTally tally)
{
    // Three frames over one connection; a client that needs longer is not there.
    private static readonly TimeSpan HandshakeLimit = TimeSpan.FromSeconds(10);

    public async Task RunAsync(Stream input, PipeWriter output, CancellationToken ct)
    {
        using var reader = new DerpFrameReader(input);
        try
        {
            using var client = await AcceptAsync(reader, output, ct);
            if (client is null)
                return;
            clients.Add(client);
            var writing = client.WriteAsync(output);
            try
            {
                await ReadAsync(reader, client);
            }
            finally
            {
                clients.Remove(client);
                client.Close();
                await writing;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or CryptographicException or InvalidOperationException or WebSocketException)
        {
            // The client is gone or speaks no DERP; either way there is nobody to tell.
        }
    }

    private async Task<RelayClient?> AcceptAsync(DerpFrameReader reader, PipeWriter output, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        using var timer = options.Time.CreateTimer(static source => ((CancellationTokenSource)source!).Cancel(), limit, HandshakeLimit, Timeout.InfiniteTimeSpan);
        output.Advance(DerpFrameWriter.ServerKey(output.GetSpan(64), key.PublicKey));
        await output.FlushAsync(limit.Token);
        if (!await reader.ReadAsync(limit.Token)
            || reader.Type != DerpFrameType.ClientInfo
            || !DerpHandshake.TryReadClientInfo(key, reader.Payload, out var node, out _)
            || node.IsZero)
        {
            return null;
        }

        await output.WriteAsync(DerpHandshake.WriteServerInfo(key, node, new DerpServerInfo()), limit.Token);
        return new RelayClient(node, options, tally, ct);
    }

    private async Task ReadAsync(DerpFrameReader reader, RelayClient client)
    {
        while (await reader.ReadAsync(client.Closed))
        {
            switch (reader.Type)
            {
                case DerpFrameType.SendPacket:
                    if (!DerpPayload.TryReadPacket(reader.Payload, out var to, out var packet))
                        throw new DerpFormatException("A SendPacket frame holds no packet.");
                    clients.Relay(client, to, packet);
                    break;
                case DerpFrameType.NotePreferred:
                    if (DerpPayload.TryReadPreferred(reader.Payload, out var isHome))
                        client.IsHome = isHome;
                    break;
                case DerpFrameType.Ping:
                    if (DerpPayload.TryReadToken(reader.Payload, out var token))
                        client.EnqueuePong(token);
                    break;
                case DerpFrameType.ForwardPacket or DerpFrameType.WatchConnections or DerpFrameType.ClosePeer:
                    throw new DerpFormatException($"{reader.Type} is for relays of one mesh; this one stands alone.");
            }
        }
    }
}
