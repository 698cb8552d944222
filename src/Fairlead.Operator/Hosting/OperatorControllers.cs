using Fairlead.Kubernetes.Controllers;
using Fairlead.Operator.Connectors;
using Fairlead.Operator.ProxyClasses;
using Fairlead.Operator.ProxyGroupPolicies;
using Fairlead.Operator.ServiceProxies;
using Fairlead.Operator.Tailnets;

namespace Fairlead.Operator.Hosting;

/// <summary>All controllers: a line for each kind.</summary>
internal sealed class OperatorControllers : IDisposable
{
    private readonly ControllerContext _context;

    public OperatorControllers(ControllerContext context)
    {
        _context = context;
        context.Own(new OperatorMetrics(context));
        All =
        [
            ServiceController.Build(context),
            ConnectorController.Build(context),
            ProxyClassController.Build(context),
            TailnetController.Build(context),
            ProxyGroupPolicyController.Build(context),
        ];
    }

    public IReadOnlyList<Controller> All { get; }

    /// <summary>To be called when this replica leads no more.</summary>
    public Task EndTermAsync(CancellationToken cancellationToken) => _context.Applier.EndTermAsync(cancellationToken);

    public void Dispose()
    {
        foreach (var controller in All)
        {
            controller.Dispose();
        }

        _context.Dispose();
    }
}
