using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fairlead.Kubernetes.Resources;

namespace Fairlead.Operator.Resources.ProxyClasses;

public sealed record ProxyClassPortRange : ExtensibleRecord
{
    // 64 bits: the schema lets any integer through, and one out of range must not make the object unreadable.
    [Required]
    [Description("First port of the range, 1 to 65535.")]
    public long? Port { get; init; }

    [Description("Last port of the range; the first when left out.")]
    public long? EndPort { get; init; }
}
