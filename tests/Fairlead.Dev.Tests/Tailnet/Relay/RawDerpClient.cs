using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Fairlead.Dev.Tailnet.Relay;
using Fairlead.Tailnet.Protocol.Cryptography;
using Fairlead.Tailnet.Protocol.Derp;

namespace Fairlead.Dev.Tests.Tailnet.Relay;

/// <summary>A client that writes every byte itself, to see exactly what the relay does.</summary>
internal sealed class RawDerpClient : IAsyncDisposable
{
    private readonly Stream _stream;

    private RawDerpClient(Stream stream)
    {
        _stream = stream;
        Reader = new DerpFrameReader(stream);
    }

    public DerpFrameReader Reader { get; }

    public NodePrivateKey Key { get; } = NodePrivateKey.Generate();

    /// <summary>What the relay replied before DERP began; empty after a fast start.</summary>
    public string Head { get; private set; } = "";

    public static async Task<RawDerpClient> ConnectAsync(RelayServer relay, bool fastStart = false, NodePrivateKey? key = null, int receiveBuffer = 0)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        if (receiveBuffer > 0)
            socket.ReceiveBufferSize = receiveBuffer;
        await socket.ConnectAsync(IPAddress.Loopback, relay.Port, Ct);
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        if (relay.CertificatePin is { } pin)
        {
            var tls = new SslStream(stream, false, (_, certificate, _, _) =>
                pin == "sha256-raw:" + certificate!.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256).ToLowerInvariant());
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = relay.Region.Nodes[0].HostName }, Ct);
            stream = tls;
        }

        var client = new RawDerpClient(stream);
        var headers = fastStart ? "Derp-Fast-Start: 1\r\n" : "";
        await client.WriteAsync(Encoding.ASCII.GetBytes($"GET /derp HTTP/1.1\r\nHost: x\r\nUpgrade: DERP\r\nConnection: Upgrade\r\n{headers}\r\n"));
        if (!fastStart)
            client.Head = await client.ReadHeadAsync();
        await client.GreetAsync(relay, key ?? client.Key);
        return client;
    }

    /// <summary>As browsers do it.</summary>
    public static async Task<RawDerpClient> ConnectWebSocketAsync(RelayServer relay)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("derp");
        await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{relay.Port}/derp"), Ct);
        var client = new RawDerpClient(WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: true));
        await client.GreetAsync(relay, client.Key);
        return client;
    }

    private async Task GreetAsync(RelayServer relay, NodePrivateKey key)
    {
        await ExpectAsync(DerpFrameType.ServerKey);
        Assert.True(DerpPayload.TryReadServerKey(Reader.Payload, out var serverKey));
        Assert.Equal(relay.PublicKey, serverKey);
        await WriteAsync(DerpHandshake.WriteClientInfo(key, serverKey, new DerpClientInfo()));
        await ExpectAsync(DerpFrameType.ServerInfo);
        Assert.True(DerpHandshake.TryReadServerInfo(key, serverKey, Reader.Payload, out _));
    }

    public Task SendAsync(NodePublicKey to, byte[] packet)
    {
        var frame = new byte[DerpFrameWriter.PacketHeaderSize + packet.Length];
        DerpFrameWriter.SendPacket(frame, to, packet);
        return WriteAsync(frame);
    }

    public async Task WriteAsync(byte[] bytes)
    {
        await _stream.WriteAsync(bytes, Ct);
        await _stream.FlushAsync(Ct);
    }

    public async Task<byte[]> ExpectAsync(DerpFrameType type)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        Assert.True(await Reader.ReadAsync(limit.Token), $"The connection ended where {type} was to come.");
        Assert.Equal(type, Reader.Type);
        return Reader.Payload.ToArray();
    }

    /// <summary>Reads to the end of the connection.</summary>
    public async Task ExpectEndAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        try
        {
            while (await Reader.ReadAsync(limit.Token))
            {
            }
        }
        catch (IOException)
        {
            // Reset is an end, too.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        Reader.Dispose();
        Key.Dispose();
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private async Task<string> ReadHeadAsync()
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            Assert.Equal(1, await _stream.ReadAsync(one, Ct));
            head.Append((char)one[0]);
        }

        return head.ToString();
    }
}
