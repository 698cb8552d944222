using System.Net;
using System.Net.Sockets;
using System.Text;
using Fairlead.Tailnet.Protocol.Noise;

namespace Fairlead.Dev.Tests.Tailnet.Coordination;

/// <summary>A connection just after the server agreed to speak the control protocol on it.</summary>
internal static class UpgradedConnection
{
    public static async Task<Stream> OpenAsync(int port, NoiseInitiator initiator, CancellationToken ct)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port, ct);
        var transport = new NetworkStream(socket, ownsSocket: true);
        await transport.WriteAsync(Encoding.ASCII.GetBytes($"""
            POST /ts2021 HTTP/1.1
            Host: control
            Upgrade: {NoiseProtocol.UpgradeName}
            Connection: upgrade
            Content-Length: 0
            {NoiseProtocol.HandshakeHeader}: {Convert.ToBase64String(initiator.Initiation.Span)}


            """.ReplaceLineEndings("\r\n")), ct);
        // Byte by byte: what follows the head is the channel's.
        var head = new List<byte>();
        var one = new byte[1];
        while (head is not [.., (byte)'\r', (byte)'\n', (byte)'\r', (byte)'\n'])
        {
            await transport.ReadExactlyAsync(one, ct);
            head.Add(one[0]);
        }
        Assert.StartsWith("HTTP/1.1 101 ", Encoding.ASCII.GetString([.. head]), StringComparison.Ordinal);
        return transport;
    }
}
