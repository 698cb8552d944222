using Fairlead.Dev.Tailnet.Devices;
using Fairlead.Dev.Tailnet.Policy.Evaluation;

namespace Fairlead.Dev.Tailnet.Services;

/// <summary>May a device host a service?</summary>
/// <param name="Approved">The answer.</param>
/// <param name="Automatic">Was it the policy's, rather than a decision by hand?</param>
internal readonly record struct ServiceApproval(bool Approved, bool Automatic)
{
    public static ServiceApproval Of(TailnetService service, TailnetDevice device, PolicyRules policy)
    {
        if (device.Node?.ServiceDecisions.TryGetValue(service.Name, out var decision) == true) return new ServiceApproval(decision, false);
        var owner = new PolicyNode { User = device.User, Tags = device.Tags, Addresses = [] };
        return new ServiceApproval(policy.AutoApprovers.ApprovesService(service.Name, service.Tags, owner), true);
    }
}
