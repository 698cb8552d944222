using System.Security.Cryptography;
using Fairlead.Dev.Tailnet.Access;
using Fairlead.Tailscale.Authentication;
using Fairlead.Tailscale.Tests.Fixtures;

namespace Fairlead.Tailscale.Tests.Authentication;

public sealed class WorkloadIdentityTests : TailnetTest
{
    private ApiClient Federate(FederatedTrust? trust = null) => Tailnet.Clients.AddFederatedClient(
        trust ?? new FederatedTrust { Issuer = Jwt.Issuer, Subject = "system:serviceaccount:tailscale:*" },
        Scopes.Operator,
        ["tag:k8s-operator"]);

    private string TokenFor(ApiClient client) => Jwt.Of(Jwt.Claims(Time.GetUtcNow().AddHours(1), $"api.tailscale.com/{client.Id}"));

    [Fact]
    public async Task An_identity_token_is_exchanged_and_lets_keys_be_made()
    {
        using var directory = new TemporaryDirectory();
        var federated = Federate();
        var client = NewClient(WorkloadIdentity.FromFile(federated.Id, directory.Write("token", TokenFor(federated) + "\n"), Time));

        var key = await client.Keys.CreateAsync(ProxyKey, Stop);

        Assert.Equal(federated.Id, Tailnet.Keys.Find(key.Id)!.ClientId);
        var call = Tailnet.Calls.Snapshot()[0];
        Assert.Equal("POST /api/v2/oauth/token-exchange → 200", call.ToString());
        Assert.Equal($"client_id={federated.Id}&jwt=[hidden]", call.Body);
    }

    [Fact]
    public async Task The_token_file_is_read_again_for_every_exchange()
    {
        using var directory = new TemporaryDirectory();
        var federated = Federate();
        var client = NewClient(WorkloadIdentity.FromFile(federated.Id, directory.Write("token", TokenFor(federated)), Time));
        await client.Devices.ListAsync(Stop);

        Time.Advance(TimeSpan.FromHours(2));
        directory.Write("token", TokenFor(federated));

        await client.Devices.ListAsync(Stop);
        Assert.Equal(2, TokenCalls);
    }

    [Fact]
    public async Task An_expired_token_is_not_sent_and_reported_with_its_time()
    {
        using var directory = new TemporaryDirectory();
        var federated = Federate();
        var path = directory.Write("token", TokenFor(federated));
        var client = NewClient(WorkloadIdentity.FromFile(federated.Id, path, Time));
        Time.Advance(TimeSpan.FromHours(2));

        var error = await Assert.ThrowsAsync<TailscaleCredentialException>(() => client.Devices.ListAsync(Stop));

        Assert.Equal(CredentialProblem.Expired, error.Problem);
        Assert.Contains($"in file {path} expired at 2026-05-01 13:00:00Z", error.Message, StringComparison.Ordinal);
        Assert.Empty(Tailnet.Calls.Snapshot());
    }

    public static TheoryData<string, string> MalformedTokens => new()
    {
        { "abc", "has 1 filled segments where a signed JWT has 3" },
        { "a..c", "has 2 filled segments" },
        { "a.b.c.d", "has 4 filled segments" },
        { "a.%%%.c", "not base64url-encoded JSON" },
        { $"a.{Jwt.Encode("not json"u8)}.c", "not base64url-encoded JSON" },
        { $"a.{Jwt.Encode("{}"u8)}.c", "has no numeric \"exp\" claim" },
        { $"a.{Jwt.Encode("{\"exp\":\"soon\"}"u8)}.c", "has no numeric \"exp\" claim" },
        { $"a.{Jwt.Encode("[1]"u8)}.c", "has no numeric \"exp\" claim" },
    };

    [Theory]
    [MemberData(nameof(MalformedTokens))]
    public async Task A_token_that_is_no_JWT_is_not_sent_and_says_why(string token, string reason)
    {
        using var directory = new TemporaryDirectory();
        var client = NewClient(WorkloadIdentity.FromFile(Federate().Id, directory.Write("token", token), Time));

        var error = await Assert.ThrowsAsync<TailscaleCredentialException>(() => client.Devices.ListAsync(Stop));

        Assert.Equal(CredentialProblem.Malformed, error.Problem);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains("projected service account token", error.Message, StringComparison.Ordinal);
        Assert.Empty(Tailnet.Calls.Snapshot());
    }

    [Theory]
    [InlineData("iss", "https://other.example")]
    [InlineData("aud", "api.tailscale.com/other")]
    [InlineData("sub", "system:serviceaccount:other:operator")]
    [InlineData("exp", 1)]
    [InlineData("nbf", 4000000000)]
    public async Task A_token_of_somebody_else_is_refused_without_a_word_on_why(string claim, object value)
    {
        var federated = Federate();
        var claims = Jwt.Claims(Time.GetUtcNow().AddHours(1), $"api.tailscale.com/{federated.Id}");
        claims[claim] = value;
        var form = new Dictionary<string, string>
        {
            ["client_id"] = federated.Id,
            ["jwt"] = Jwt.Of(claims),
            ["grant_type"] = "authorization_code",
            ["code"] = "",
        };
        using var http = new HttpClient { BaseAddress = Tailnet.BaseAddress };

        var refused = await http.PostAsync("/api/v2/oauth/token-exchange", new FormUrlEncodedContent(form), Stop);
        Assert.Equal(403, (int)refused.StatusCode);
        Assert.Equal("""{"message":"Unauthorized"}""", await refused.Content.ReadAsStringAsync(Stop));

        form["jwt"] = TokenFor(federated);
        var accepted = await http.PostAsync("/api/v2/oauth/token-exchange", new FormUrlEncodedContent(form), Stop);
        Assert.Equal(200, (int)accepted.StatusCode);
    }

    [Fact]
    public async Task A_refused_exchange_names_the_client_and_what_to_compare()
    {
        var federated = Federate();
        var other = Jwt.Of(Jwt.Claims(Time.GetUtcNow().AddHours(1), "elsewhere"));
        var client = NewClient(WorkloadIdentity.FromRequest(
            federated.Id, "of service account tailscale/operator", _ => ValueTask.FromResult(new SecretText(other)), Time));

        var error = await Assert.ThrowsAsync<TailscaleCredentialException>(() => client.Devices.ListAsync(Stop));

        Assert.Equal(CredentialProblem.Refused, error.Problem);
        Assert.Contains(
            $"refused federated client {federated.Id} at /api/v2/oauth/token-exchange: 403", error.Message, StringComparison.Ordinal);
        Assert.Contains("issuer, audience and subject", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_cannot_be_obtained_is_a_credential_problem()
    {
        var client = NewClient(WorkloadIdentity.FromRequest(
            Federate().Id, "of service account ts/operator", _ => throw new InvalidOperationException("token is forbidden"), Time));

        var error = await Assert.ThrowsAsync<TailscaleCredentialException>(() => client.Devices.ListAsync(Stop));

        Assert.Equal(CredentialProblem.Unreadable, error.Problem);
        Assert.Contains(
            "of service account ts/operator could not be obtained: token is forbidden", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_public_key_only_tokens_signed_by_its_owner_are_accepted()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var federated = Federate(new FederatedTrust
        {
            Issuer = Jwt.Issuer,
            Subject = Jwt.Subject,
            Audience = "fairlead",
            PublicKeyPem = key.ExportSubjectPublicKeyInfoPem(),
        });
        var claims = Jwt.Claims(Time.GetUtcNow().AddHours(1), "fairlead");
        TailscaleClient With(ECDsa signer) => NewClient(WorkloadIdentity.FromRequest(
            federated.Id, "of a test", _ => ValueTask.FromResult(new SecretText(Jwt.Of(claims, signer))), Time));

        await With(key).Devices.ListAsync(Stop);
        await Assert.ThrowsAsync<TailscaleCredentialException>(() => With(stranger).Devices.ListAsync(Stop));
    }
}
