// nor a script
