using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Fairlead.Tailscale.Errors;
using Fairlead.Tailscale.Http;

namespace Fairlead.Tailscale.PolicyFile;

/// <summary>The tailnet's policy file. Scope <c>policy_file</c>, or <c>policy_file:read</c> to read.</summary>
public sealed class PolicyFileClient
{
    private const string HuJson = "application/hujson";

    private readonly ApiChannel _api;

    internal PolicyFileClient(ApiChannel api) => _api = api;

    public Task<PolicyDocument> GetAsync(CancellationToken ct = default) =>
        _api.CallAsync(_api.Tailnet(HttpMethod.Get, "/acl") with { Accept = HuJson }, ReadDocumentAsync, ct);

    /// <summary>Checks the policy and runs the tests it holds, and changes nothing.</summary>
    public Task<PolicyVerdict> ValidateAsync(string policy, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(policy);
        var call = _api.Tailnet(HttpMethod.Post, "/acl/validate") with { Content = Body(policy) };
        return _api.CallAsync(call, ReadVerdictAsync, ct);
    }

    /// <summary>Replaces the policy.</summary>
    /// <param name="policy">The new policy as HuJSON.</param>
    /// <param name="ifMatch">
    /// The <see cref="PolicyDocument.ETag"/> it is based on, or <see cref="PolicyDocument.DefaultETag"/>; null overwrites
    /// whatever is there.
    /// </param>
    /// <param name="ct">Ends the call.</param>
    /// <exception cref="PreconditionFailedException">The policy changed since it was read.</exception>
    /// <exception cref="TailscaleApiException">400: the policy is wrong or its tests fail.</exception>
    public Task<PolicyDocument> SetAsync(string policy, string? ifMatch, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(policy);
        // After a lost answer a second try would be told 412 because of the first.
        var call = _api.Tailnet(HttpMethod.Post, "/acl", retry: RetryMode.OnlyIfNotProcessed) with
        {
            Content = Body(policy),
            Accept = HuJson,
            IfMatch = ifMatch,
        };
        return _api.CallAsync(call, ReadDocumentAsync, ct);
    }

    private static Func<HttpContent> Body(string policy)
    {
        var bytes = Encoding.UTF8.GetBytes(policy);
        return () => new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue(HuJson) } };
    }

    private static async Task<PolicyDocument> ReadDocumentAsync(HttpResponseMessage response, CancellationToken ct) =>
        new(await response.Content.ReadAsStringAsync(ct), response.Headers.ETag?.Tag.Trim('"'));

    // 200 says only that the check ran; the outcome is in the body, which is empty if all is well.
    private static async Task<PolicyVerdict> ReadVerdictAsync(HttpResponseMessage response, CancellationToken ct)
    {
        var body = await response.Content.ReadAsByteArrayAsync(ct);
        if (body.Length == 0) return new PolicyVerdict("", []);
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object) throw new JsonException("a verdict must be an object");
        return new PolicyVerdict(ApiErrorReader.TextOf(root, "message"), ApiErrorReader.ReadData(root));
    }
}
