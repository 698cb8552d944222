using System.Net;
using System.Text.Json.Nodes;

namespace Fairlead.Dev.Cluster.BuiltIns.Rules;

/// <summary>Ingresses and IngressClasses.</summary>
internal static class IngressRules
{
    private const string LegacyClass = "kubernetes.io/ingress.class";
    private const int MaxController = 250;

    private static readonly string[] ForbiddenSequences = ["//", "/./", "/../", "%2f", "%2F"];
    private static readonly string[] ForbiddenEndings = ["/..", "/."];

    public static void CheckIngress(JsonObject ingress, JsonObject? old, Problems problems)
    {
        var spec = ingress.Object("spec") ?? [];
        if (spec.Array("rules") is not { Count: > 0 } && spec["defaultBackend"] is null)
            problems.Invalid("spec", spec, "either `defaultBackend` or `rules` must be specified");
        if (spec.Object("defaultBackend") is { } backend)
            CheckBackend(backend, "spec.defaultBackend", problems);
        foreach (var (i, rule) in spec.Indexed("rules"))
            CheckRule(rule, $"spec.rules[{i}]", problems);
        foreach (var (i, tls) in spec.Indexed("tls"))
        {
            foreach (var (host, j) in tls.Texts("hosts").Select((h, j) => (h, j)))
                CheckHost(host, $"spec.tls[{i}].hosts[{j}]", problems);
            if (tls.Text("secretName") is { } secret)
                problems.Check($"spec.tls[{i}].secretName", secret, Names.DnsSubdomain(secret));
        }

        if (spec.Text("ingressClassName") is { } className)
        {
            problems.Check("spec.ingressClassName", className, Names.DnsSubdomain(className));
            if (old is null && ingress.Object("metadata").Object("annotations").Text(LegacyClass) is { } legacy && legacy != className)
                problems.Invalid($"annotations.{LegacyClass}", legacy, "must match `ingressClassName` when both are specified");
        }

        CheckStatus(ingress, problems);
    }

    public static void CheckIngressClass(JsonObject ingressClass, JsonObject? old, Problems problems)
    {
        var spec = ingressClass.Object("spec") ?? [];
        if (spec.Text("controller") is not { Length: > 0 } controller)
            problems.Required("spec.controller");
        else if (controller.Length > MaxController)
            problems.TooLong("spec.controller", $"may not be more than {MaxController} bytes");
        else if (!controller.Contains('/', StringComparison.Ordinal))
            problems.Invalid("spec.controller", controller, "must be a domain-prefixed path (such as \"acme.io/foo\")");
        if (old is not null)
            problems.Immutable("spec.controller", spec["controller"], old.Object("spec")?["controller"]);

        var parameters = spec.Object("parameters");
        if (parameters.Text("scope") == "Namespace" && parameters.Text("namespace") is null or "")
            problems.Required("spec.parameters.namespace", "`parameters.scope` is set to 'Namespace'");
        if (parameters.Text("scope") == "Cluster" && parameters!["namespace"] is not null)
            problems.Forbidden("spec.parameters.namespace", "`parameters.scope` is set to 'Cluster'");
    }

    private static void CheckRule(JsonObject rule, string path, Problems problems)
    {
        if (rule.Text("host") is { } host)
            CheckHost(host, $"{path}.host", problems);
        if (rule.Object("http") is not { } http)
            return;
        if (http["paths"] is JsonArray { Count: 0 })
            problems.Required($"{path}.http.paths");
        foreach (var (i, item) in http.Indexed("paths"))
            CheckPath(item, $"{path}.http.paths[{i}]", problems);
    }

    private static void CheckPath(JsonObject item, string at, Problems problems)
    {
        var path = item.Text("path") ?? "";
        if (item.Text("pathType") is "Exact" or "Prefix")
        {
            if (!path.StartsWith('/'))
                problems.Invalid($"{at}.path", path, "must be an absolute path");
            foreach (var sequence in ForbiddenSequences.Where(s => path.Contains(s, StringComparison.Ordinal)))
                problems.Invalid($"{at}.path", path, $"must not contain '{sequence}'");
            foreach (var ending in ForbiddenEndings.Where(e => path.EndsWith(e, StringComparison.Ordinal)))
                problems.Invalid($"{at}.path", path, $"cannot end with '{ending}'");
        }
        else if (item.Text("pathType") == "ImplementationSpecific" && path.Length > 0 && !path.StartsWith('/'))
        {
            problems.Invalid($"{at}.path", path, "must be an absolute path");
        }

        if (item.Object("backend") is { } backend)
            CheckBackend(backend, $"{at}.backend", problems);
    }

    private static void CheckBackend(JsonObject backend, string path, Problems problems)
    {
        var (service, resource) = (backend.Object("service"), backend.Object("resource"));
        if (service is not null && resource is not null)
            problems.Invalid(path, "", "cannot set both resource and service backends");
        else if (service is null && resource is null)
            problems.Invalid(path, "", "resource or service backend is required");
        if (service is null)
            return;

        if (service.Text("name") is { Length: > 0 } name)
            problems.Check($"{path}.service.name", name, Names.DnsLabel(name));
        else
            problems.RequiredText(service, $"{path}.service", "name");

        var port = service.Object("port");
        if (port.Text("name") is not null && port.Integer("number") is not null)
            problems.Invalid(path, "", "cannot set both port name & port number");
        else if (port.Text("name") is { } portName)
            problems.Check($"{path}.service.port.name", portName, Names.PortName(portName));
        else if (port.Integer("number") is { } number)
            problems.Check($"{path}.service.port.number", number, Names.PortNumber(number));
        else
            problems.Required(path, "port name or number is required");
    }

    private static void CheckHost(string host, string path, Problems problems)
    {
        if (IPAddress.TryParse(host, out _))
            problems.Invalid(path, host, "must be a DNS name, not an IP address");
        else
            problems.Check(path, host, host.Contains('*', StringComparison.Ordinal) ? Names.WildcardDnsSubdomain(host) : Names.DnsSubdomain(host));
    }

    private static void CheckStatus(JsonObject ingress, Problems problems)
    {
        foreach (var (i, item) in ingress.Object("status").Object("loadBalancer").Indexed("ingress"))
        {
            var path = $"status.loadBalancer.ingress[{i}]";
            if (item.Text("ip") is { } ip && !IPAddress.TryParse(ip, out _))
                problems.Invalid($"{path}.ip", ip, Services.ServiceAddressRules.AddressSyntax);
            if (item.Text("hostname") is not { } hostname)
                continue;
            problems.Check($"{path}.hostname", hostname, Names.DnsSubdomain(hostname));
            if (IPAddress.TryParse(hostname, out _))
                problems.Invalid($"{path}.hostname", hostname, "must be a DNS name, not an IP address");
        }
    }
}
