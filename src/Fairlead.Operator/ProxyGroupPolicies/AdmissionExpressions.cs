using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.ServiceProxies;

namespace Fairlead.Operator.ProxyGroupPolicies;

/// <summary>What admission demands of objects, in CEL. Each expression holds for objects without any annotations, too.</summary>
internal static class AdmissionExpressions
{
    private const string Annotations = "object.metadata.annotations";

    /// <summary>What is being deleted must be let go, whatever it names: taking a finalizer off is an update.</summary>
    private const string IsGoing = "has(object.metadata.deletionTimestamp)";

    /// <summary>An Ingress names one of the groups or none.</summary>
    public static string Ingress(ImmutableArray<string> groups) => $"object.kind != \"Ingress\" || {IsGoing} || {NamesOneOf(groups)}";

    /// <summary>A Service that is exposed to the tailnet names one of the groups or none.</summary>
    public static string IngressService(ImmutableArray<string> groups, OperatorSettings settings) =>
        $"object.kind != \"Service\" || {IsGoing} || !({IsExposed(settings)}) || {NamesOneOf(groups)}";

    /// <summary>Any other Service names one of the groups or none.</summary>
    public static string EgressService(ImmutableArray<string> groups, OperatorSettings settings) =>
        $"{IsGoing} || {IsExposed(settings)} || {NamesOneOf(groups)}";

    /// <summary>A name as CEL writes texts, which is in one line and can be read.</summary>
    public static string Quote(string name)
    {
        var text = new StringBuilder(name.Length + 2).Append('"');
        foreach (var letter in name)
        {
            _ = letter switch
            {
                '"' or '\\' => text.Append('\\').Append(letter),
                _ when char.IsControl(letter) || letter is '\u2028' or '\u2029' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"),
                _ => text.Append(letter),
            };
        }

        return text.Append('"').ToString();
    }

    private static string NamesOneOf(ImmutableArray<string> groups) =>
        $"{Lacks(ServiceAnnotations.ProxyGroup)} || {Value(ServiceAnnotations.ProxyGroup)} in [{string.Join(", ", groups.Select(Quote))}]";

    /// <summary>Where the operator takes LoadBalancers without a class, those are exposed as well.</summary>
    private static string IsExposed(OperatorSettings settings) =>
        "(has(object.spec.loadBalancerClass) && object.spec.loadBalancerClass == \"tailscale\")"
        + $" || (!({Lacks(ServiceAnnotations.Expose)}) && {Value(ServiceAnnotations.Expose)} == \"true\")"
        + (settings.DefaultLoadBalancer
            ? " || (has(object.spec.type) && object.spec.type == \"LoadBalancer\" && !has(object.spec.loadBalancerClass))"
            : "");

    private static string Lacks(string annotation) => $"!has({Annotations}) || !(\"{annotation}\" in {Annotations})";

    private static string Value(string annotation) => $"{Annotations}[\"{annotation}\"]";
}
