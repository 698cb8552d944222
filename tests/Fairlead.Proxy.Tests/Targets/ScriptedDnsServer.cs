using System.Net;
using System.Net.Sockets;
using Fairlead.Tailnet.Names;

namespace Fairlead.Proxy.Tests.Targets;

/// <summary>A DNS server that answers as a function says.</summary>
internal sealed class ScriptedDnsServer : IDisposable
{
    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly Func<DnsMessage, DnsMessage?> _answer;

    /// <param name="answer">Null for no answer at all.</param>
    public ScriptedDnsServer(Func<DnsMessage, DnsMessage?> answer)
    {
        _answer = answer;
        _ = ServeAsync();
    }

    public IPEndPoint Address => (IPEndPoint)_socket.Client.LocalEndPoint!;

    public static ScriptedDnsServer Knowing(string name, IPAddress address) => new(query =>
        query.Question.Name == name
            ? query.Reply(
                DnsResponseCode.NoError, query.Question.Type == DnsType.A ? [DnsRecord.ForAddress(name, address, 5)] : [], authoritative: true)
            : query.Reply(DnsResponseCode.NameError, [], authoritative: true));

    public void Dispose() => _socket.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync();
                if (DnsMessage.TryRead(received.Buffer) is { } query && _answer(query) is { } answer)
                {
                    await _socket.SendAsync(answer.ToBytes(), received.RemoteEndPoint);
                }
            }
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            // The test is over.
        }
    }
}
