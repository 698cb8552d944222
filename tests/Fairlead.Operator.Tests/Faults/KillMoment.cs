namespace Fairlead.Operator.Tests.Faults;

/// <summary>When an operator dies.</summary>
public enum KillMoment
{
    /// <summary>After a committed write whose answer it did not see.</summary>
    AfterUnansweredWrite,

    /// <summary>After the answer to a write, before the next one.</summary>
    BeforeNextWrite,

    /// <summary>After a call to the tailnet whose answer it did not see.</summary>
    AfterUnansweredCall,
}
