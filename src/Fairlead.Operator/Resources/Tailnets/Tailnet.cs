using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Fairlead.Kubernetes.Resources;
using Fairlead.Operator.Configuration;

namespace Fairlead.Operator.Resources.Tailnets;

/// <summary>A tailnet besides the operator's own (<c>tailscale.com/v1alpha1</c>, cluster-scoped).</summary>
[Description("A tailnet besides the operator's own. Connectors, ProxyGroups, Recorders and PeerRelays choose one by name.")]
public sealed record Tailnet : KubernetesObject
{
    public const string ReadyCondition = "TailnetReady";

    [Required]
    [Description("Which tailnet is meant, and the credentials for it.")]
    public TailnetSpec? Spec { get; init; }

    [Description("What the operator found out about the tailnet. Written by the operator.")]
    public TailnetStatus? Status { get; init; }

    /// <summary>Control server of the tailnet and its devices, as given. Its default is Tailscale's, not the operator's own one.</summary>
    [JsonIgnore]
    public string LoginUrl => Spec?.LoginUrl is { Length: > 0 } given ? given : OperatorSettings.DefaultLoginServer;

    /// <summary>Whether the credentials were found good for the tailnet in its present form.</summary>
    [JsonIgnore]
    public bool IsReady => Status?.Conditions?.Any(condition =>
        condition is { Type: ReadyCondition, Status: "True" } && condition.ObservedGeneration == Metadata.Generation) == true;
}
