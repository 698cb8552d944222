using System.Collections.Immutable;

namespace Fairlead.HelmValues;

/// <summary>A key that the operator's Helm chart understands.</summary>
/// <param name="Allowed">The only texts it takes; empty: any.</param>
/// <param name="IsTags">Whether the texts in it are tags.</param>
internal sealed record ValueKey(string Path, ValueType Type, ImmutableArray<string> Allowed, bool IsTags = false)
{
    private static readonly ImmutableArray<ValueKey> All =
    [
        Of("nameOverride"), Of("fullnameOverride"), Of("oauth.clientId"), Of("oauth.clientSecret"), Of("oauth.audience"),
        Of("loginServer"), Of("oauthSecretVolume", ValueType.Map), Of("installCRDs", ValueType.Flag),
        new("operatorConfig.defaultTags", ValueType.TextList, [], IsTags: true),
        Of("operatorConfig.image.repository"), Of("operatorConfig.image.repo"), Of("operatorConfig.image.tag"),
        Of("operatorConfig.image.digest"), new("operatorConfig.image.pullPolicy", ValueType.Text, ["Always", "IfNotPresent", "Never"]),
        new("operatorConfig.logging", ValueType.Text, ["info", "debug", "dev"]), Of("operatorConfig.hostname"),
        Of("operatorConfig.nodeSelector", ValueType.Map), Of("operatorConfig.resources", ValueType.Map),
        Of("operatorConfig.annotations", ValueType.Map), Of("operatorConfig.podAnnotations", ValueType.Map),
        Of("operatorConfig.podLabels", ValueType.Map), Of("operatorConfig.serviceAccountAnnotations", ValueType.Map),
        Of("operatorConfig.tolerations", ValueType.List), Of("operatorConfig.affinity", ValueType.Map),
        Of("operatorConfig.podSecurityContext", ValueType.Map), Of("operatorConfig.securityContext", ValueType.Map),
        Of("operatorConfig.priorityClassName"), Of(ExtraEnvironment, ValueType.List), Of("operatorConfig.sharedACMEAccountKey", ValueType.Flag),
        Of("ingressClass.name"), Of("ingressClass.enabled", ValueType.Flag),
        Of("proxyConfig.image.repository"), Of("proxyConfig.image.repo"), Of("proxyConfig.image.tag"), Of("proxyConfig.image.digest"),
        new("proxyConfig.defaultTags", ValueType.Text, [], IsTags: true),
        new("proxyConfig.firewallMode", ValueType.Text, ["auto", "iptables", "nftables"]), Of("proxyConfig.defaultProxyClass"),
        new("apiServerProxyConfig.mode", ValueType.Text, ["true", "false", "noauth"]),
        new("apiServerProxyConfig.allowImpersonation", ValueType.Text, ["true", "false"]),
        Of("imagePullSecrets", ValueType.List), Of("annotations", ValueType.Map),
    ];

    /// <summary>Variables for the operator beside those that other keys set; they win.</summary>
    public const string ExtraEnvironment = "operatorConfig.extraEnv";

    public static ValueKey? Find(string path) => All.FirstOrDefault(key => key.Path == path);

    /// <summary>Whether there are keys below this one.</summary>
    public static bool IsSection(string path) => All.Any(key => key.Path.StartsWith(path + ".", StringComparison.Ordinal));

    /// <summary>The names that make sense directly below a section (empty: at the top).</summary>
    public static IEnumerable<string> NamesIn(string section) => All
        .Where(key => section.Length == 0 || key.Path.StartsWith(section + ".", StringComparison.Ordinal))
        .Select(key => key.Path[(section.Length == 0 ? 0 : section.Length + 1)..].Split('.')[0])
        .Distinct(StringComparer.Ordinal);

    private static ValueKey Of(string path, ValueType type = ValueType.Text) => new(path, type, []);
}
