using System.Net;
using Fairlead.Tailnet.Names;

namespace Fairlead.Tailnet.Tests.Names;

public sealed class DnsMessageTests
{
    [Fact]
    public void A_message_survives_the_way_to_bytes_and_back()
    {
        var message = new DnsMessage
        {
            Id = 0xBEEF,
            IsResponse = true,
            IsAuthoritative = true,
            RecursionDesired = true,
            ResponseCode = DnsResponseCode.NoError,
            Question = new DnsQuestion("web.example.ts.net", DnsType.Any),
            Answers =
            [
                DnsRecord.ForAddress("web.example.ts.net", IPAddress.Parse("100.64.0.7"), 600),
                DnsRecord.ForAddress("web.example.ts.net", IPAddress.Parse("fd7a:115c:a1e0::7"), 600),
                DnsRecord.ForPointer("other.example", "web.example.ts.net", 5),
            ],
            UdpSize = 1232,
        };

        var read = DnsMessage.TryRead(message.ToBytes());

        Assert.NotNull(read);
        Assert.Equal(message with { Answers = Array.Empty<DnsRecord>() }, read with { Answers = Array.Empty<DnsRecord>() });
        Assert.Equal(["100.64.0.7", "fd7a:115c:a1e0::7"], read.Answers.Select(record => record.Address?.ToString()).OfType<string>());
        Assert.Equal("web.example.ts.net", read.Answers[2].Target);
    }

    [Fact]
    public void A_query_as_resolvers_send_it_is_read()
    {
        // Identifier 1234, recursion desired, one question: WwW.example. A IN; then an EDNS record of 4096 bytes.
        var bytes = Convert.FromHexString("123401000001000000000001" + "03577757076578616d706c6500" + "00010001" + "0000291000000000000000");

        var message = DnsMessage.TryRead(bytes);

        Assert.NotNull(message);
        Assert.Equal(new DnsQuestion("www.example", DnsType.A), message.Question);
        Assert.Equal((0x1234, true, false, 4096), ((int)message.Id, message.RecursionDesired, message.IsResponse, message.UdpSize ?? 0));
    }

    [Theory]
    [InlineData("c00c")]
    [InlineData("c00e")]
    [InlineData("0161c00c")]
    [InlineData("40")]
    [InlineData("3f6161")]
    public void Names_that_point_at_themselves_or_beyond_the_end_are_refused(string name) =>
        Assert.Null(DnsMessage.TryRead(Convert.FromHexString("000001000001000000000000" + name + "00010001")));

    [Fact]
    public void A_name_longer_than_255_octets_is_refused()
    {
        var label = "3f" + string.Concat(Enumerable.Repeat("61", 63));

        Assert.NotNull(DnsMessage.TryRead(Convert.FromHexString("000001000001000000000000" + string.Concat(Enumerable.Repeat(label, 3)) + "00" + "00010001")));
        Assert.Null(DnsMessage.TryRead(Convert.FromHexString("000001000001000000000000" + string.Concat(Enumerable.Repeat(label, 4)) + "00" + "00010001")));
    }

    [Fact]
    public void Octets_that_are_no_letters_survive_as_escapes()
    {
        var bytes = Convert.FromHexString("000001000001000000000000" + "04612e62ff00" + "00010001");

        var message = DnsMessage.TryRead(bytes);

        Assert.Equal(@"a\046b\255", message?.Question.Name);
        Assert.Equal(bytes, message?.ToBytes());
    }

    [Fact]
    public void Answers_that_do_not_fit_are_left_out_and_the_message_says_so()
    {
        var message = new DnsMessage
        {
            IsResponse = true,
            Question = new DnsQuestion("many.example", DnsType.A),
            Answers = [.. Enumerable.Range(0, 100).Select(i => DnsRecord.ForAddress("many.example", new IPAddress([10, 0, 0, (byte)i]), 1))],
        };

        var bytes = message.ToBytes(512);
        var read = DnsMessage.TryRead(bytes);

        Assert.True(bytes.Length is > 490 and <= 512);
        Assert.True(read?.IsTruncated);
        Assert.Equal(30, read?.Answers.Count);
    }
}
