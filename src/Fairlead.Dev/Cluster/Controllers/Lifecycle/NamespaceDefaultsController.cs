using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.BuiltIns;
using Fairlead.Dev.Cluster.Controllers.Runtime;

namespace Fairlead.Dev.Cluster.Controllers.Lifecycle;

/// <summary>Gives each namespace its default ServiceAccount and the certificate of the cluster's authority.</summary>
internal sealed class NamespaceDefaultsController : Controller
{
    private const string Account = "default";
    private const string RootCertificate = "kube-root-ca.crt";

    private readonly string? _authorityPem;

    /// <param name="authorityPem">Certificate that clients verify the server with; null when it serves plain HTTP.</param>
    public NamespaceDefaultsController(ClusterView view, string? authorityPem)
        : base(view)
    {
        _authorityPem = authorityPem;
        LookAt("", "namespaces");
        LookAtNamespaceOf("serviceaccounts", Account);
        LookAtNamespaceOf("configmaps", RootCertificate);
    }

    protected override void Reconcile(ObjectId id)
    {
        if (View.Cache("", "namespaces").Get("", id.Name) is not { } ns || ns.Object("metadata")?["deletionTimestamp"] is not null)
            return;

        if (View.Cache("", "serviceaccounts").Get(id.Name, Account) is null)
            View.Create("", "serviceaccounts", id.Name, New("ServiceAccount", Account));
        if (_authorityPem is not null)
            WriteCertificate(id.Name, _authorityPem);
    }

    private static JsonObject New(string kind, string name) => new()
    {
        ["apiVersion"] = "v1",
        ["kind"] = kind,
        ["metadata"] = new JsonObject { ["name"] = name },
    };

    private void WriteCertificate(string ns, string pem)
    {
        var existing = View.Cache("", "configmaps").Get(ns, RootCertificate);
        if (existing?.Object("data").Text("ca.crt") == pem)
            return;

        var map = (JsonObject?)existing?.DeepClone() ?? New("ConfigMap", RootCertificate);
        map["data"] = new JsonObject { ["ca.crt"] = pem };
        if (existing is not null)
        {
            View.Update("", "configmaps", ns, map);
            return;
        }

        map.Ensure("metadata")["annotations"] = new JsonObject
        {
            ["kubernetes.io/description"] = "Certificate of the authority that signs the API server's certificate.",
        };
        View.Create("", "configmaps", ns, map);
    }

    private void LookAtNamespaceOf(string plural, string name) => View.Cache("", plural).Changed += (id, _, _) =>
    {
        if (id.Name == name)
            Queue.Add(new ObjectId("", "namespaces", "", id.Namespace));
    };
}
