using Fairlead.Kubernetes.Resources.Core;
using Fairlead.Operator.Configuration;
using Fairlead.Operator.ProxyClasses;

namespace Fairlead.Operator.ServiceProxies;

/// <summary>Files Services under the ProxyClasses they use.</summary>
internal static class ServiceClassIndex
{
    public static IEnumerable<string> KeysOf(Service service, OperatorSettings settings)
    {
        var name = ProxyClassResolver.NameOf(service.Metadata) ?? settings.ProxyDefaultClass;
        return name.Length > 0 && ServiceProxyMode.TargetOf(service, settings) is not null ? [name] : [];
    }
}
