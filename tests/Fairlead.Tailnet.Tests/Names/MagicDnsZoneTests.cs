using System.Net;
using Fairlead.Tailnet.Names;

namespace Fairlead.Tailnet.Tests.Names;

public sealed class MagicDnsZoneTests
{
    private static readonly MagicDnsConfig Config = new()
    {
        Suffix = "tail.example.ts.net",
        Hosts =
        [
            new("web.tail.example.ts.net.", IPAddress.Parse("100.64.0.7")),
            new("web.tail.example.ts.net.", IPAddress.Parse("fd7a:115c:a1e0::7")),
            new("six.tail.example.ts.net.", IPAddress.Parse("fd7a:115c:a1e0::8")),
            new("db.tail.example.ts.net", IPAddress.Parse("100.64.1.1")),
        ],
        Records = [new DnsRecord("note.tail.example.ts.net", DnsType.Txt, DnsMessage.InternetClass, 60, "\u0002hi"u8.ToArray())],
        Reverse = [new(IPAddress.Parse("100.64.0.7"), "web.tail.example.ts.net."), new(IPAddress.Parse("fd7a:115c:a1e0::7"), "web.tail.example.ts.net.")],
        Routes =
        [
            new("corp.example", ["10.0.0.53"]),
            new("lab.corp.example", ["10.9.0.53:5353"]),
            new("hidden.example", []),
        ],
        Resolvers = ["9.9.9.9"],
        SearchDomains = ["corp.example"],
    };

    private readonly MagicDnsZone _zone = new(Config);

    [Theory]
    [InlineData("web.tail.example.ts.net", DnsType.A, "100.64.0.7")]
    [InlineData("web.tail.example.ts.net", DnsType.Aaaa, "")]
    [InlineData("six.tail.example.ts.net", DnsType.Aaaa, "fd7a:115c:a1e0::8")]
    [InlineData("db.tail.example.ts.net", DnsType.A, "100.64.1.1")]
    [InlineData("10-1-2-3-via-7.tail.example.ts.net", DnsType.Aaaa, "fd7a:115c:a1e0:b1a:0:7:a01:203")]
    public void Names_of_the_tailnet_have_their_addresses(string name, DnsType type, string expected)
    {
        var lookup = _zone.Lookup(new DnsQuestion(name, type));

        Assert.Equal((true, DnsResponseCode.NoError), (lookup.IsOurs, lookup.Code));
        Assert.Equal(expected, string.Join(' ', lookup.Answers.Select(record => record.Address)));
    }

    [Fact]
    public void IPv6_is_given_to_all_where_the_tailnet_says_so() =>
        Assert.Single(new MagicDnsZone(Config with { IPv6ForAll = true }).Lookup(new DnsQuestion("web.tail.example.ts.net", DnsType.Aaaa)).Answers);

    [Theory]
    [InlineData("nobody.tail.example.ts.net")]
    [InlineData("host.hidden.example")]
    [InlineData("9.0.64.100.in-addr.arpa")]
    public void Names_that_would_be_ours_and_are_not_there_do_not_exist(string name)
    {
        var lookup = _zone.Lookup(new DnsQuestion(name, DnsType.A));

        Assert.Equal((true, DnsResponseCode.NameError), (lookup.IsOurs, lookup.Code));
    }

    [Theory]
    [InlineData("wiki.corp.example", "10.0.0.53")]
    [InlineData("a.lab.corp.example", "10.9.0.53:5353")]
    [InlineData("lab.corp.example", "10.9.0.53:5353")]
    [InlineData("notcorp.example", "9.9.9.9")]
    [InlineData("4.4.8.8.in-addr.arpa", "9.9.9.9")]
    public void Other_names_go_to_whom_the_longest_route_names(string name, string server)
    {
        var lookup = _zone.Lookup(new DnsQuestion(name, DnsType.A));

        Assert.False(lookup.IsOurs);
        Assert.Equal([server], lookup.ForwardTo);
    }

    [Theory]
    [InlineData("7.0.64.100.in-addr.arpa")]
    [InlineData("7.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.e.1.a.c.5.1.1.a.7.d.f.ip6.arpa")]
    public void Addresses_have_names(string name) =>
        Assert.Equal("web.tail.example.ts.net", Assert.Single(_zone.Lookup(new DnsQuestion(name, DnsType.Ptr)).Answers).Target);

    [Fact]
    public void Records_the_control_server_adds_are_given_by_type()
    {
        Assert.Single(_zone.Lookup(new DnsQuestion("note.tail.example.ts.net", DnsType.Txt)).Answers);
        Assert.Empty(_zone.Lookup(new DnsQuestion("note.tail.example.ts.net", DnsType.A)).Answers);
    }

    [Theory]
    [InlineData("..")]
    [InlineData("a..b")]
    [InlineData("bücher.example")]
    [InlineData("a234567890123456789012345678901234567890123456789012345678901234.example")]
    public void A_node_whose_name_is_none_has_none_and_the_others_keep_theirs(string name)
    {
        var zone = new MagicDnsZone(Config with
        {
            Hosts = [.. Config.Hosts, new(name, IPAddress.Parse("100.64.0.66"))],
            Reverse = [new(IPAddress.Parse("100.64.0.66"), name), .. Config.Reverse],
        });

        Assert.Equal(DnsResponseCode.NameError, zone.Lookup(new DnsQuestion("66.0.64.100.in-addr.arpa", DnsType.Ptr)).Code);
        Assert.Null(zone.NameOf(IPAddress.Parse("100.64.0.66")));
        Assert.Single(zone.Lookup(new DnsQuestion("7.0.64.100.in-addr.arpa", DnsType.Ptr)).Answers);
        Assert.Single(zone.Lookup(new DnsQuestion("web.tail.example.ts.net", DnsType.A)).Answers);
    }

    [Fact]
    public void A_short_name_is_looked_for_in_the_tailnet_first() =>
        Assert.Equal(["web.tail.example.ts.net", "web.corp.example", "web"], _zone.Candidates("Web"));
}
