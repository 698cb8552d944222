using Fairlead.Kubernetes.Reconciling;
using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Kubernetes.Resources.Meta;
using Fairlead.Operator.Identity;
using Fairlead.Tailscale.Authentication;

namespace Fairlead.Operator.Proxies;

/// <summary>How far a proxy has come, and what holds it up, for a condition a person can act on.</summary>
/// <param name="Running">Whether its device is on the tailnet and forwards.</param>
public sealed record ProxyProgress(bool Running, string Reason, string Message)
{
    private const string Starting = "Starting";
    private const string Configuring = "Configuring";

    /// <summary>Whether it goes on by itself, as far as anyone can tell.</summary>
    public bool IsTrouble => !Running && Reason is not (Starting or Configuring);

    /// <summary>The state of a proxy with several replicas: that of the first one which is not up.</summary>
    /// <param name="name">Of the StatefulSet.</param>
    public static ProxyProgress Of(ProxyChildren children, string name, int replicas)
    {
        var up = new List<string>(replicas);
        for (var ordinal = 0; ordinal < replicas; ordinal++)
        {
            var replica = children.OfReplica(ProxyNames.Replica(name, ordinal));
            var device = replica.Secrets.Select(ProxyDevice.From).FirstOrDefault();
            if (Of(replica, device) is { Running: false } progress)
            {
                return progress;
            }

            up.Add(device!.Hostname!);
        }

        return up.Count == 0
            ? new ProxyProgress(false, "ScaledToZero", "no replicas are asked for")
            : new ProxyProgress(true, "Running", $"the proxy is on the tailnet as {string.Join(", ", up)}");
    }

    /// <summary>Reads the state of the newest replica from its Secret and Pod.</summary>
    public static ProxyProgress Of(ProxyChildren children, ProxyDevice? device)
    {
        if (device?.Hostname is { } hostname)
        {
            return new ProxyProgress(true, "Running", $"the proxy is on the tailnet as {hostname}");
        }

        if (children.Secrets.FirstOrDefault(secret => secret.Data?.ContainsKey(ProxyStateKeys.ReissueAuthKey) == true) is { } refused)
        {
            return new ProxyProgress(false, "AuthKeyRefused",
                $"the control plane refused the proxy's auth key; delete Secret {refused.Metadata.Namespace}/{refused.Metadata.Name} "
                + "and then the proxy's Pod to have a new key issued");
        }

        if (children.PodRefusal is { } refusal)
        {
            return new ProxyProgress(false, "PodRefused", $"Kubernetes refuses to create the proxy's Pod: {refusal}");
        }

        if (children.Pod is { } pod && PodTrouble(pod) is { } trouble)
        {
            return trouble;
        }

        return device is not null
            ? new ProxyProgress(false, Configuring, "the device is registered and sets up forwarding")
            : new ProxyProgress(false, Starting, "waiting for the proxy to start and to authenticate to the tailnet");
    }

    /// <summary>The same with the message known, where the failure only repeats itself.</summary>
    /// <param name="known">The condition that tells the progress as it is.</param>
    internal ProxyProgress Settled(Condition? known, StepFailure failure) =>
        this with { Message = FailureText.Settle(known, Reason, Message, failure.Step.Description) };

    /// <summary>What a failed step of a plan says about the proxy.</summary>
    public static ProxyProgress Of(StepFailure failure) => new(
        false,
        failure switch
        {
            { Error: TailscaleCredentialException } => "CredentialsUnusable",
            { Step: CallStep { Call: IssueAuthKeyCall } } => "AuthKeyNotIssued",
            _ => "ApplyFailed",
        },
        $"failed to {failure.Step.Description}: {failure.Error.Message}");

    private static ProxyProgress? PodTrouble(Pod pod)
    {
        var name = $"Pod {pod.Metadata.Namespace}/{pod.Metadata.Name}";
        var statuses = (pod.Status?.InitContainerStatuses ?? []).Concat(pod.Status?.ContainerStatuses ?? []);
        foreach (var container in statuses)
        {
            // PodInitializing and ContainerCreating are the way things go.
            if (container.State?.Waiting is { Reason: { } reason and not ("PodInitializing" or "ContainerCreating") } waiting)
            {
                var last = container.LastState?.Terminated is { } ended ? $" (last exit code {ended.ExitCode})" : "";
                return new ProxyProgress(false, reason, $"{name}, container {container.Name}: {waiting.Message ?? reason}{last}");
            }
        }

        return pod.Status?.Conditions?.FirstOrDefault(condition => condition is { Type: "PodScheduled", Status: "False" }) is { } unscheduled
            ? new ProxyProgress(false, unscheduled.Reason ?? "Unschedulable", $"{name} is not scheduled: {unscheduled.Message}")
            : null;
    }
}
