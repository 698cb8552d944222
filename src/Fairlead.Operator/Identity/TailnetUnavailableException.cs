namespace Fairlead.Operator.Identity;

/// <summary>A tailnet cannot be spoken to: no Tailnet object of the name is ready.</summary>
public sealed class TailnetUnavailableException(TailnetChoice choice) : Exception(choice.Message)
{
    public TailnetChoice Choice { get; } = choice;
}
