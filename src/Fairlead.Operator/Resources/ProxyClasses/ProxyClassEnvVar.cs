using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fairlead.Kubernetes.Resources;
using Fairlead.Operator.CustomResourceDefinitions;

namespace Fairlead.Operator.Resources.ProxyClasses;

public sealed record ProxyClassEnvVar : ExtensibleRecord
{
    [Required]
    [Schema(Pattern = "^[-._a-zA-Z][-._a-zA-Z0-9]*$")]
    [Description("Name of the variable: letters, digits, underscores, dashes and dots, not beginning with a digit.")]
    public string? Name { get; init; }

    [Description("Value of the variable; $(NAME) stands for the value of one defined before it.")]
    public string? Value { get; init; }
}
