Console.WriteLine("fairlead");
