using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Fairlead.Dev.Tailnet.Access;
using Fairlead.Dev.Tailnet.Policy.Evaluation;
using Fairlead.Dev.Tailnet.RestApi;

namespace Fairlead.Dev.Tailnet.Policy;

/// <summary>
/// The tailnet's policy file. It decides who may give which tag and, for the nodes of the coordination server, who sees and may
/// reach whom with which capabilities, which attributes nodes have, and which routes and services need no approval. Its tests
/// must hold.
/// <para>
/// Refused by name, as leaving it out would allow too much: <c>via</c>, <c>srcPosture</c>, <c>defaultSrcPosture</c>, <c>ipPool</c>,
/// <c>disableIPv4</c>, <c>extraDNSRecords</c>, "remove" in an ipset, and autogroups but member, tagged, self, internet, admin and
/// owner. Without effect, and told by the API as warnings: ssh rules and their tests, <c>derpMap</c>, <c>OneCGNATRoute</c> and
/// postures that no rule asks for.
/// </para>
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
          "autoApprovers": {"services": {"tag:k8s": ["tag:k8s"]}},
        }

        """;

    // What If-Match says for "only if nobody set a policy yet".
    private const string DefaultETag = "ts-default";

    private readonly Lock _gate = new();
    private readonly IReadOnlyList<string> _administrators;
    private readonly Action _changed;
    private PolicyVersion _current;

    /// <param name="administrators">Login names of the users whom <c>autogroup:admin</c> means.</param>
    /// <param name="changed">Told of each new version.</param>
    /// <exception cref="ArgumentException">The text is not a valid policy.</exception>
    internal PolicyFile(string text, IReadOnlyList<string> administrators, Action changed)
    {
        _administrators = administrators;
        _changed = changed;
        _current = ParseOrThrow(text, isDefault: true);
    }

    /// <summary>The policy as HuJSON.</summary>
    /// <exception cref="ArgumentException">The text to set is not a valid policy.</exception>
    public string Text
    {
        get => Current.Text;
        set
        {
            var version = ParseOrThrow(value, isDefault: false);
            lock (_gate) _current = version;
            _changed();
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
        var owner = new PolicyNode { Tags = grant.Tags, Addresses = [] };
        var rules = Current.Rules;
        var refused = tags.Where(tag => !rules.MayGive(tag, owner)).ToList();
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
            _current = version;
        }
        _changed();
        return version;
    }

    /// <summary>What is wrong with a policy, its own tests included.</summary>
    internal IReadOnlyList<PolicyFinding> Check(JsonElement policy)
    {
        Read(policy, out var findings);
        return findings;
    }

    /// <summary>What is wrong with tests, or fails under the policy in force.</summary>
    internal IReadOnlyList<PolicyFinding> CheckTests(JsonElement tests)
    {
        var findings = PolicyValidator.CheckTests(tests);
        return findings.Count > 0 ? findings : PolicyTests.Run(Current.Rules, tests);
    }

    internal static ErrorBody Describe(IReadOnlyList<PolicyFinding> findings) => new("invalid policy file")
    {
        Data = [.. findings.GroupBy(f => f.Subject).Select(g => new ErrorSubject(g.Key, [.. g.Select(f => f.Error)]))],
    };

    private PolicyVersion ParseOrThrow(string text, bool isDefault)
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

    private PolicyVersion? Parse(byte[] text, bool isDefault, out IReadOnlyList<PolicyFinding> findings)
    {
        var policy = PolicySyntax.Parse(text);
        var rules = Read(policy, out findings);
        return rules is null
            ? null
            : new PolicyVersion(Encoding.UTF8.GetString(text), Convert.ToHexStringLower(SHA256.HashData(text)), isDefault, rules);
    }

    private PolicyRules? Read(JsonElement policy, out IReadOnlyList<PolicyFinding> findings)
    {
        findings = PolicyValidator.Check(policy);
        if (findings.Count > 0) return null;
        var rules = PolicyReader.Read(policy, _administrators, out findings);
        if (rules is null) return null;
        if (PolicyValidator.Section(policy, "tests") is { } tests) findings = PolicyTests.Run(rules, tests);
        return findings.Count > 0 ? null : rules;
    }
}
