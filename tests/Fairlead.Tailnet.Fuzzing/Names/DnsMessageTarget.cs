using System.Net;
using Fairlead.Tailnet.Names;

namespace Fairlead.Tailnet.Fuzzing.Names;

/// <summary>DNS messages: what is read can be written, and reads the same again.</summary>
internal sealed class DnsMessageTarget : IFuzzTarget
{
    public string Name => "dns-message";

    public IEnumerable<byte[]> Seeds =>
    [
        new DnsMessage { Id = 1, Question = new DnsQuestion("web.tail.example.ts.net", DnsType.Aaaa), UdpSize = 1232 }.ToBytes(),
        new DnsMessage
        {
            Id = 2,
            IsResponse = true,
            Question = new DnsQuestion("web.tail.example.ts.net", DnsType.A),
            Answers =
            [
                DnsRecord.ForAddress("web.tail.example.ts.net", IPAddress.Parse("100.64.0.7"), 600),
                DnsRecord.ForPointer("7.0.64.100.in-addr.arpa", "web.tail.example.ts.net", 600),
            ],
        }.ToBytes(),
        Convert.FromHexString("000181800001000100000000" + "0161c012" + "00010001" + "c00c00050001000000050002c00c"),
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (DnsMessage.TryRead(input) is not { } message)
        {
            return;
        }

        var again = DnsMessage.TryRead(message.ToBytes());
        if (again?.Question != message.Question || again.Answers.Count != message.Answers.Count)
        {
            throw new InvalidOperationException("A message did not survive.");
        }

        _ = ReverseName.TryParse(message.Question.Name, out _);
        _ = SiteAddressName.TryParse(message.Question.Name, "example.ts.net", out _);
        if (message.ToBytes(DnsMessage.PlainUdpSize).Length > DnsMessage.PlainUdpSize + DnsName.MaxWire)
        {
            throw new InvalidOperationException("A message is larger than allowed.");
        }
    }
}
