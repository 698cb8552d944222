using Fairlead.Dev.Tailnet.Access;
using Fairlead.Dev.Tailnet.Devices;
using Fairlead.Dev.Tailnet.Policy;
using Fairlead.Dev.Tailnet.RestApi;

namespace Fairlead.Dev.Tailnet.Services;

/// <summary>Which devices offer to host a service, and which of them may.</summary>
internal sealed class ServiceHostEndpoints(VipServiceRegistry services, DeviceRegistry devices, PolicyFile policy) : IEndpointSet
{
    private const string Item = ApiRoute.Tailnet + "/services/{name}";
    private const string Approval = Item + "/device/{id}/approved";

    public IEnumerable<ApiRoute> Routes =>
    [
        new("GET", Item + "/devices", Scopes.ServicesRead, ListHosts),
        new("GET", Approval, Scopes.ServicesRead, GetApproval),
        new("POST", Approval, Scopes.Services, SetApproval),
    ];

    private ApiReply ListHosts(ApiCall call)
    {
        var service = Service(call);
        var hosts = devices.Snapshot()
            .Where(device => device.Node?.AdvertisedServices.Contains(service.Name) == true)
            .Select(device => new ServiceHostBody(device.NodeId, Level(ServiceApproval.Of(service, device, policy.Current.Rules))));
        return ApiReply.Json(new ServiceHostListBody([.. hosts]), RestApiJson.Default.ServiceHostListBody);
    }

    private ApiReply GetApproval(ApiCall call)
    {
        var approval = ServiceApproval.Of(Service(call), Device(call), policy.Current.Rules);
        var body = new ServiceApprovalBody { Approved = approval.Approved, AutoApproved = approval is { Approved: true, Automatic: true } };
        return ApiReply.Json(body, RestApiJson.Default.ServiceApprovalBody);
    }

    private ApiReply SetApproval(ApiCall call)
    {
        var body = StrictJson.Read(call, RestApiJson.Default.ServiceApprovalBody);
        var service = Service(call);
        if (Device(call).Node is null) throw ApiRefusal.BadRequest("the device has no node, hence hosts no services");
        devices.DecideService(call.RouteValue("id"), service.Name, body.Approved);
        return GetApproval(call);
    }

    private TailnetService Service(ApiCall call) => services.Find(call.RouteValue("name")) ?? throw ApiRefusal.NotFound("service not found");

    private TailnetDevice Device(ApiCall call) => devices.Find(call.RouteValue("id")) ?? throw ApiRefusal.NotFound("device not found");

    private static string Level(ServiceApproval approval) => approval switch
    {
        { Approved: false } => "not-approved",
        { Automatic: true } => "approved:auto",
        _ => "approved:manual",
    };
}
