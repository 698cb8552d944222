using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Fairlead.Dev.Tests.ServiceNetwork;

/// <summary>Asks a DNS server, and reads answers by RFC 1035 alone.</summary>
internal sealed class DnsClient(IPEndPoint server) : IDisposable
{
    private const int HeaderSize = 12;

    private readonly UdpClient _junk = new(AddressFamily.InterNetwork);

    public static byte[] Query(string name, ushort type)
    {
        var bytes = new List<byte> { 0x12, 0x34, 0x01, 0, 0, 1, 0, 0, 0, 0, 0, 0 };
        foreach (var label in name.Split('.'))
            bytes.AddRange([(byte)label.Length, .. Encoding.ASCII.GetBytes(label)]);
        bytes.AddRange([0, (byte)(type >> 8), (byte)type, 0, 1]);
        return [.. bytes];
    }

    /// <summary>Sends bytes whose answer does not matter.</summary>
    public async Task SendAsync(byte[] bytes) => await _junk.SendAsync(bytes, server, TestContext.Current.CancellationToken);

    /// <returns>The response code, and the answers as text.</returns>
    public async Task<(int Code, List<string> Answers)> AskAsync(string name, ushort type, bool overTcp = false)
    {
        var query = Query(name, type);
        var answer = overTcp ? await AskOverTcpAsync(query) : await AskOverUdpAsync(query);
        Assert.Equal(query[..2], answer[..2]);
        Assert.Equal(0x80, answer[2] & 0x80);
        var at = HeaderSize;
        Name(answer, ref at);
        at += 4;
        var texts = new List<string>();
        for (var i = BinaryPrimitives.ReadUInt16BigEndian(answer.AsSpan(6)); i > 0; i--)
            texts.Add(Record(answer, ref at));
        return (answer[3] & 15, texts);
    }

    public void Dispose() => _junk.Dispose();

    private static string Record(byte[] message, ref int at)
    {
        Name(message, ref at);
        var type = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at));
        var length = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at + 8));
        var data = at + 10;
        at = data + length;
        switch (type)
        {
            case 1:
                return $"A {new IPAddress(message.AsSpan(data, length))}";
            case 5:
                return $"CNAME {Name(message, ref data)}";
            case 33:
                var port = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(data + 4));
                data += 6;
                return $"SRV {port} {Name(message, ref data)}";
            default:
                return $"TYPE{type}";
        }
    }

    private static string Name(byte[] message, ref int at)
    {
        var labels = new List<string>();
        while (message[at] != 0)
        {
            labels.Add(Encoding.ASCII.GetString(message, at + 1, message[at]));
            at += message[at] + 1;
        }

        at++;
        return string.Join('.', labels);
    }

    private async Task<byte[]> AskOverUdpAsync(byte[] query)
    {
        using var client = new UdpClient(0, AddressFamily.InterNetwork);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(5));

        // Datagrams may be lost, so that whoever asks asks again.
        var answer = client.ReceiveAsync(limit.Token).AsTask();
        using var again = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        do
        {
            await client.SendAsync(query, server, limit.Token);
        }
        while (await Task.WhenAny(answer, again.WaitForNextTickAsync(limit.Token).AsTask()) != answer);
        return (await answer).Buffer;
    }

    private async Task<byte[]> AskOverTcpAsync(byte[] query)
    {
        using var client = new TcpClient(AddressFamily.InterNetwork);
        await client.ConnectAsync(server, TestContext.Current.CancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync((byte[])[(byte)(query.Length >> 8), (byte)query.Length, .. query], TestContext.Current.CancellationToken);
        var length = new byte[2];
        await stream.ReadExactlyAsync(length, TestContext.Current.CancellationToken);
        var answer = new byte[BinaryPrimitives.ReadUInt16BigEndian(length)];
        await stream.ReadExactlyAsync(answer, TestContext.Current.CancellationToken);
        return answer;
    }
}
