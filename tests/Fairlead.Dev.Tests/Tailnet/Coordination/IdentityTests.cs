using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Tailnet.Protocol.Control;
using Fairlead.Tailnet.Protocol.Control.Dns;
using Fairlead.Tailnet.Protocol.Control.Tokens;

namespace Fairlead.Dev.Tests.Tailnet.Coordination;

public sealed class IdentityTests : CoordinationTest
{
    [Fact]
    public async Task A_nodes_token_can_be_verified_with_what_its_issuer_publishes()
    {
        var machine = await NewMachine().JoinAsync("web", "tag:k8s");

        var token = (await machine.PostAsync<TokenRequest, TokenResponse>(
            "/machine/id-token", new TokenRequest { NodeKey = machine.NodeKey.PublicKey, Audience = "cloud.example" })).IDToken;

        var parts = token.Split('.');
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!;
        Assert.Equal("cloud.example", (string?)claims["aud"]);
        Assert.Equal("web.embedded.ts.net.", (string?)claims["sub"]);
        Assert.Equal("tag:k8s", (string?)claims["tags"]![0]);
        using var http = new HttpClient();
        var configuration = JsonNode.Parse(await http.GetStringAsync($"{claims["iss"]}/.well-known/openid-configuration", Stop))!;
        var keys = JsonNode.Parse(await http.GetStringAsync((string)configuration["jwks_uri"]!, Stop))!["keys"]!.AsArray();
        var key = Assert.Single(keys, k => (string?)k!["kid"] == (string?)JsonNode.Parse(Base64Url.DecodeFromChars(parts[0]))!["kid"])!;
        var point = new ECPoint { X = Base64Url.DecodeFromChars((string)key["x"]!), Y = Base64Url.DecodeFromChars((string)key["y"]!) };
        using var ecdsa = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point });
        Assert.True(ecdsa.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256));
        Assert.Equal((string?)configuration["issuer"], (string?)claims["iss"]);
    }

    [Fact]
    public async Task A_record_a_node_asks_for_can_be_looked_at()
    {
        var machine = await NewMachine().JoinAsync("web");

        await machine.PostAsync<SetDnsRequest, SetDnsResponse>("/machine/set-dns", new SetDnsRequest
        {
            NodeKey = machine.NodeKey.PublicKey,
            Name = "_acme-challenge.web.embedded.ts.net",
            Type = "TXT",
            Value = "proof",
        });

        var record = Assert.Single(Tailnet.Coordination.Records.Snapshot());
        Assert.Equal((Device("web").NodeId, "TXT", "proof"), (record.NodeId, record.Type, record.Value));
    }

    [Theory]
    [InlineData("POST", "/machine/audit-log")]
    [InlineData("PATCH", "/machine/set-device-attr")]
    [InlineData("POST", "/machine/feature/query")]
    public async Task What_only_informs_is_taken(string method, string path)
    {
        var machine = await NewMachine().JoinAsync("web");
        using var request = TestMachine.Post(path, ControlJson.Serialize(new TokenRequest { NodeKey = machine.NodeKey.PublicKey }));
        request.Method = new HttpMethod(method);

        using var response = await machine.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
