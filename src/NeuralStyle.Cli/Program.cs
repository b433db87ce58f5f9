Console.WriteLine("nst");
