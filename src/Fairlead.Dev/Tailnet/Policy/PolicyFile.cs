using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fairlead.Dev.Tailnet.Access;
using Fairlead.Dev.Tailnet.RestApi;

namespace Fairlead.Dev.Tailnet.Policy;

/// <summary>
/// The tailnet's policy file. Its form is checked and its <c>tagOwners</c> decide who may give which tag. Its rules are
/// <b>not evaluated</b>: acls, grants, ssh rules and node attributes have no effect, and tests pass if they are well formed.
/// </summary>
public sealed class PolicyFile
{
    /// <summary>The two tags of upstream's installation guide, and access for everybody to everything.</summary>
    public const string DefaultText = """
        // The policy file an embedded tailnet starts with.
        {
          "tagOwners": {
            "tag:k8s-operator": [],
            "tag:k8s": ["tag:k8s-operator"],
          },
          "grants": [{"src": ["*"], "dst": ["*"], "ip": ["*"]}],
        }

        """;

    // What If-Match says for "only if nobody set a policy yet".
    private const string DefaultETag = "ts-default";

    private readonly Lock _gate = new();
    private PolicyVersion _current;

    /// <exception cref="ArgumentException">The text is not a valid policy.</exception>
    internal PolicyFile(string text) => _current = ParseOrThrow(text, isDefault: true);

    /// <summary>The policy as HuJSON.</summary>
    /// <exception cref="ArgumentException">The text to set is not a valid policy.</exception>
    public string Text
    {
        get => Current.Text;
        set
        {
            var version = ParseOrThrow(value, isDefault: false);
            lock (_gate) _current = version;
        }
    }

    /// <summary>Names this version, unquoted.</summary>
    public string ETag => Current.ETag;

    internal PolicyVersion Current
    {
        get
        {
            lock (_gate) return _current;
        }
    }

    /// <summary>May who holds this grant give all these tags?</summary>
    /// <exception cref="ApiRefusal">400: a tag is undefined, or neither the grant's nor owned by one of the grant's.</exception>
    internal void DemandTags(IReadOnlyList<string> tags, AccessGrant grant)
    {
        var owners = Current.TagOwners;
        var refused = tags.Where(tag =>
            !owners.TryGetValue(tag, out var owning) || !(grant.Tags.Contains(tag) || owning.Intersect(grant.Tags).Any())).ToList();
        if (refused.Count > 0)
        {
            throw ApiRefusal.BadRequest($"requested tags [{string.Join(' ', refused)}] are invalid or not permitted");
        }
    }

    /// <param name="text">The new policy.</param>
    /// <param name="ifMatch">Unquoted entity tag it must replace; null replaces any.</param>
    /// <exception cref="ApiRefusal">400: the policy is wrong; 412: it is another one that is in force.</exception>
    internal PolicyVersion Replace(byte[] text, string? ifMatch)
    {
        var version = Parse(text, isDefault: false, out var findings);
        if (version is null) throw new ApiRefusal(400, Describe(findings));
        lock (_gate)
        {
            if (ifMatch is not null && ifMatch != _current.ETag && !(ifMatch == DefaultETag && _current.IsDefault))
            {
                throw ApiRefusal.PreconditionFailed();
            }
            return _current = version;
        }
    }

    internal static ErrorBody Describe(IReadOnlyList<PolicyFinding> findings) => new("invalid policy file")
    {
        Data = [.. findings.GroupBy(f => f.Subject).Select(g => new ErrorSubject(g.Key, [.. g.Select(f => f.Error)]))],
    };

    private static PolicyVersion ParseOrThrow(string text, bool isDefault)
    {
        try
        {
            var version = Parse(Encoding.UTF8.GetBytes(text), isDefault, out var findings);
            var errors = findings.Select(finding => $"{finding.Subject}: {finding.Error}");
            return version ?? throw new ArgumentException($"Invalid policy file: {string.Join("; ", errors)}");
        }
        catch (ApiRefusal refusal)
        {
            throw new ArgumentException(refusal.Message, nameof(text), refusal);
        }
    }

    private static PolicyVersion? Parse(byte[] text, bool isDefault, out IReadOnlyList<PolicyFinding> findings)
    {
        var policy = PolicySyntax.Parse(text);
        findings = PolicyValidator.Check(policy);
        if (findings.Count > 0) return null;
        var owners = PolicyValidator.Section(policy, "tagOwners") is { } section
            ? section.EnumerateObject().ToDictionary(
                tag => tag.Name,
                tag => (IReadOnlyList<string>)[.. tag.Value.EnumerateArray().Select((JsonElement owner) => owner.GetString()!)])
            : [];
        return new PolicyVersion(Encoding.UTF8.GetString(text), Convert.ToHexStringLower(SHA256.HashData(text)), isDefault, owners);
    }
}
