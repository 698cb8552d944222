using System.Text;
using System.Text.Json;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Filters;
using Fairlead.Tailnet.Protocol.Control.Hosts;
using Fairlead.Tailnet.Protocol.Control.Maps;
using Fairlead.Tailnet.Protocol.Control.Registration;

namespace Fairlead.Tailnet.Protocol.Tests.Control;

public sealed class ControlJsonTests
{
    [Fact]
    public void What_is_absent_is_empty_or_null_as_its_type_says()
    {
        var node = Read<Node>("{}");

        Assert.Equal("", node.Name);
        Assert.Empty(node.Addresses);
        Assert.Empty(node.CapMap);
        Assert.Null(node.AllowedIPs);
        Assert.Null(node.Online);
        Assert.Equal(default, node.KeyExpiry);
        Assert.True(node.Key.IsZero);
    }

    [Fact]
    public void A_registration_signed_by_a_device_certificate_is_read_and_names_its_scheme()
    {
        var request = Read<RegisterRequest>("""{"Version":145,"SignatureType":"signature-v2","DeviceCert":"AQ==","Signature":"Ag=="}""");

        Assert.Equal("signature-v2", request.SignatureType);
        Assert.Equal([2], request.Signature);
        Assert.DoesNotContain("SignatureType", Encoding.UTF8.GetString(ControlJson.Serialize(new RegisterRequest())));
    }

    [Fact]
    public void Null_is_empty_where_emptiness_means_nothing_and_stays_null_where_it_does()
    {
        var node = Read<Node>("""{"Name":null,"Addresses":null,"AllowedIPs":null,"CapMap":{"a":null},"KeyExpiry":null,"Tags":["tag:a",null],"Endpoints":[""]}""");

        Assert.Equal("", node.Name);
        Assert.Empty(node.Addresses);
        Assert.Null(node.AllowedIPs);
        Assert.Empty(node.CapMap["a"]);
        Assert.Equal(["tag:a"], node.Tags);
        Assert.Empty(node.Endpoints);
    }

    [Fact]
    public void Names_are_read_in_any_case_and_unknown_ones_skipped() =>
        Assert.Equal(7, Read<Node>("""{"iD":7,"Unheard":{"of":[1]}}""").ID);

    [Fact]
    public void The_zero_time_is_the_default_and_fractions_are_kept()
    {
        Assert.Equal(default, Read<Node>("""{"KeyExpiry":"0001-01-01T00:00:00Z"}""").KeyExpiry);
        var created = Read<Node>("""{"Created":"2026-01-02T03:04:05.123456789-04:00"}""").Created;
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 7, 4, 5, TimeSpan.Zero).AddTicks(1234567), created);
        Assert.Equal("""{"Created":"2026-01-02T07:04:05.1234567Z"}""", Write(new Node { Created = created }));
    }

    [Fact]
    public void What_is_empty_is_left_out_unless_null_would_say_something_else()
    {
        Assert.Equal("""{"AllowedIPs":[]}""", Write(new Node { AllowedIPs = [] }));
        Assert.Equal("""{"PacketFilter":[],"Health":[]}""", Write(new MapResponse { Health = [], PacketFilter = [] }));
        Assert.Equal("""{"OnlineChange":{"5":false}}""", Write(new MapResponse { OnlineChange = new Dictionary<long, bool> { [5] = false } }));
        Assert.Equal("""{"Online":false}""", Write(new Node { Online = false }));
        Assert.Equal(
            """{"PacketFilters":{"*":null,"a":[]}}""",
            Write(new MapResponse { PacketFilters = new Dictionary<string, IReadOnlyList<FilterRule>?> { ["*"] = null, ["a"] = [] } }));
    }

    [Fact]
    public void A_node_survives_the_way_there_and_back()
    {
        const string Json = """
            {"ID":3,"StableID":"n3CNTRL","Name":"a.example.ts.net.","User":9,"Key":"nodekey:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f","KeySignature":"AQI=","Addresses":["100.64.0.3/32","fd7a:115c:a1e0::3/128"],"AllowedIPs":["100.64.0.3/32","10.0.0.0/8"],"Endpoints":["192.0.2.1:41641","[2001:db8::1]:41641"],"DERP":"127.3.3.40:7","HomeDERP":7,"Hostinfo":{"OS":"linux","Container":false,"Services":[{"Proto":"peerapi4","Port":4321}],"NetInfo":{"PreferredDERP":7,"DERPLatency":{"7-v4":0.01}}},"LastSeen":"2026-01-02T03:04:05Z","Online":true,"CapMap":{"service-host":[{"svc:a":["100.64.0.9"]}],"https":[]},"SelfNodeV4MasqAddrForThisPeer":"100.64.9.9"}
            """;

        Assert.Equal(Json, Write(Read<Node>(Json)));
    }

    [Theory]
    [InlineData("""{"Addresses":["100.64.0.1"]}""")]
    [InlineData("""{"Addresses":["100.64.0.1/33"]}""")]
    [InlineData("""{"Addresses":["0100.64.0.1/32"]}""")]
    [InlineData("""{"Addresses":["100.1/32"]}""")]
    [InlineData("""{"Endpoints":["192.0.2.1"]}""")]
    [InlineData("""{"Endpoints":["2001:db8::1:80"]}""")]
    [InlineData("""{"Key":"mkey:00"}""")]
    [InlineData("""{"ID":"x"}""")]
    [InlineData("""{"Hostinfo":{"Services":[{"Port":65536}]}}""")]
    [InlineData("""{"CapMap":{"a":[{]}}""")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("")]
    public void Values_of_another_form_are_an_error(string json) => Assert.Throws<JsonException>(() => Read<Node>(json));

    [Fact]
    public void Endless_nesting_is_an_error()
    {
        var nested = string.Concat(Enumerable.Repeat("[", 100_000));
        Assert.Throws<JsonException>(() => Read<MapResponse>($$"""{"Unknown":{{nested}}"""));
        Assert.Throws<JsonException>(() => Read<MapResponse>($$"""{"SSHPolicy":{{nested}}"""));
    }

    [Fact]
    public void Secrets_are_not_part_of_a_message_s_text()
    {
        var request = new RegisterRequest { Auth = new RegisterAuth { AuthKey = "tskey-auth-secret", Oauth2Token = new OAuth2Token { AccessToken = "secret" } }, Hostinfo = new Hostinfo() };

        Assert.DoesNotContain("secret", request.ToString(), StringComparison.Ordinal);
        Assert.Equal("""{"Auth":{"Oauth2Token":{"access_token":"secret"},"AuthKey":"tskey-auth-secret"},"Hostinfo":{}}""", Write(request));
    }

    private static T Read<T>(string json)
        where T : class => ControlJson.Deserialize<T>(Encoding.UTF8.GetBytes(json));

    private static string Write<T>(T value)
        where T : class => Encoding.UTF8.GetString(ControlJson.Serialize(value));
}
